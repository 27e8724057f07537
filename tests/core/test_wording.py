from newsannot.core.wording import Stretch, passages


def test_passages_hold_what_differs_with_a_line_on_either_side() -> None:
    before = "One.\nTwo.\nMark them.\nFour.\nFive.\nSix.\nSeven.\n"
    after = "One.\nTwo.\nMark them all.\nFour.\nFive.\nSix.\nSeven.\nEight.\n"
    assert passages(before, after) == [
        [
            Stretch("same", "Two.\n"),
            Stretch("same", "Mark them"),
            Stretch("new", " all"),
            Stretch("same", ".\n"),
            Stretch("same", "Four.\n"),
        ],
        [Stretch("same", "Seven.\n"), Stretch("new", "Eight.\n")],
    ]


def test_texts_that_say_the_same_differ_in_no_passage() -> None:
    assert passages("One.\n", "One.\n") == []
