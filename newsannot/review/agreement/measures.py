"""What is measured, of whom and by what name. Needs no numpy: pages that show stored figures import it."""

from typing import NamedTuple

Group = tuple[int, ...]
"""Coders, rising: two of them, or all who read a text."""
EVERYBODY: Group = ()
"""Stands in figures for all coders of each text, whoever they were."""


class Subject(NamedTuple):
    """What a figure is of: a kind as a whole, one of its roles or one of its fields."""

    kind: str
    role: str = ""
    field: str = ""


MEASURES = {
    "records_f1": "Records, F1",
    "exact_f1": "Spans, F1 exact",
    "overlap_f1": "Spans, F1 overlap",
    "token_alpha": "Tokens, α",
    "alpha_u": "Units, αU",
    "alpha": "Values, α",
    "cohen_kappa": "Values, Cohen's κ",
    "fleiss_kappa": "Values, Fleiss' κ",
    "gamma": "Units, γ",
}
"""The measures by name, in the words of a table."""
WHERE = ("records_f1", "exact_f1", "overlap_f1", "token_alpha", "alpha_u", "gamma")
"""Measures of where something was marked: of kinds and roles."""
WHAT = ("alpha", "fleiss_kappa", "cohen_kappa")
"""Measures of what was said of it: of fields."""
EXPLAINED = {
    "records_f1": "Did both find the same things? The share of their records that have a counterpart.",
    "exact_f1": "Are the marks the same to the character? The share that both have.",
    "overlap_f1": "Do the marks at least touch? Much above exact: they find the same and draw borders differently.",
    "token_alpha": "Is each word marked, or left, alike? 1: all are, 0: as if by chance, below: worse than chance.",
    "alpha_u": "Krippendorff’s α of units: are stretches cut alike, in place and length?",
    "gamma": "Mathet’s γ: stretches aligned and compared at once, the mean of the texts.",
    "alpha": "Krippendorff’s α: where two have the record, is it the same value? 0.8: reliable, 0.667: tentative.",
    "fleiss_kappa": "The same of all analysts, without α’s correction for few records.",
    "cohen_kappa": "The same of two analysts; chance is reckoned from each one’s own habits.",
}
"""What each measure answers."""
COUNTED = {
    "records_f1": "record",
    "exact_f1": "span",
    "overlap_f1": "span",
    "token_alpha": "word",
    "alpha_u": "unit",
    "gamma": "text",
    "alpha": "record",
    "cohen_kappa": "record",
    "fleiss_kappa": "record",
}
"""What is compared, one of it: records and spans of both analysts, words of the text, records that two or more have."""


def counted(measure: str, count: int) -> str:
    """How much was compared, in words: `24 records`."""
    return f"{count:,} {COUNTED[measure]}{'s' * (count != 1)}"


def why_none(measure: str, count: int) -> str:
    """Why there is no figure where `count` things were compared."""
    if measure in WHAT:
        return "Everybody gave one and the same value." if count else "No record of it was found by two."
    if measure == "token_alpha" and count:
        return "No word is marked, or every one is."
    return "Nothing to compare: nobody marked any."
