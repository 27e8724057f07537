"""The words of a text, and how coders labelled each: for token-wise α."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from newsannot.review.agreement.spans import Unit, check_units

UNPARTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f"
)
"""Scripts that do not part their words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
"""Vowel signs and accents that belong to the letter before them: Hebrew, Arabic, Devanagari, Cyrillic, Latin."""
TOKEN = re.compile(rf"[{UNPARTED}]|[^\W{UNPARTED}](?:[^\W{UNPARTED}]|[{MARKS}])*|[^\w\s]")
"""A word, a sign, or one character of a script that does not part its words."""

Tokens = npt.NDArray[np.int64]


def tokens_of(text: str) -> Tokens:
    """Start and end of each token (n × 2), in code points; white space belongs to none."""
    return np.array([found.span() for found in TOKEN.finditer(text)], dtype=np.int64).reshape(-1, 2)


def labelled(tokens: Tokens, units: Sequence[Unit]) -> npt.NDArray[np.bool_]:
    """Which tokens a stretch touches, by even one code point. Raises ValueError for one that is empty or reversed."""
    check_units(units)
    begins = np.searchsorted(tokens[:, 1], [start for start, _ in units], side="right")
    ends = np.searchsorted(tokens[:, 0], [end for _, end in units], side="left")
    change = np.zeros(len(tokens) + 1, dtype=np.int64)
    np.add.at(change, begins, 1)
    np.add.at(change, ends, -1)
    return np.asarray(np.cumsum(change)[:-1] > 0)


def layered(tokens: Tokens, coders: Sequence[Sequence[Sequence[Unit]]]) -> npt.NDArray[np.int64]:
    """The label each coder gives each token (coders × tokens): the sum of 2**layer over the layers that touch it.

    `coders` holds for each coder the stretches of each layer. With one layer a token is out (0) or in (1); with several
    (the roles of a kind) its label tells every one that touches it.
    """
    labels = np.zeros((len(coders), len(tokens)), dtype=np.int64)
    for row, layers in enumerate(coders):
        for layer, units in enumerate(layers):
            if units:
                labels[row] += labelled(tokens, units).astype(np.int64) << layer
    return labels
