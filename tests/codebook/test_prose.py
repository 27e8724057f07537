from newsannot.codebook.prose import Section, render


def test_words_linked_to_a_role_are_shown_marked() -> None:
    assert render("[the envoy](source) said").html == (
        '<p><mark class="example r-source" title="source">the envoy</mark> said</p>\n'
    )


def test_other_links_stay_links() -> None:
    assert render("[here](/codebook/) and [told](cue)").html == (
        '<p><a href="/codebook/">here</a> and <mark class="example r-cue" title="cue">told</mark></p>\n'
    )


def test_raw_html_stays_text() -> None:
    assert render("<script>alert(1)</script>").html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


def test_links_that_run_code_are_no_links() -> None:
    assert "<a" not in render("[x](javascript:alert(1))").html


def test_images_are_left_out() -> None:
    assert "<img" not in render("![x](https://elsewhere.invalid/x.png)").html


def test_sections_get_anchors_each_its_own() -> None:
    prose = render("## To hold back\n\na\n\n## To hold back\n\nb\n\n## ?\n\nc")
    assert prose.sections == (
        Section("to-hold-back", "To hold back"),
        Section("to-hold-back-2", "To hold back"),
        Section("section", "?"),
    )
    assert '<h2 id="to-hold-back-2">' in prose.html


def test_tables_are_rendered() -> None:
    assert "<table>" in render("| a | b |\n|---|---|\n| 1 | 2 |").html
