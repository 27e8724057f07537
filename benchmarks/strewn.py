"""Readings of one text as alignment takes them, made without a database."""

import random

from newsannot.annotations.rules import Piece, Record
from newsannot.review.rules.alignment import Coded


def strewn_records(readings: int, count: int, *, is_one_whole: bool = False) -> list[Coded]:
    """So many statements of each reading, near the same hundreds of code points, some overlapping their neighbours.

    With `is_one_whole` the first of each reading holds all others.
    """
    chance = random.Random(4)
    records = []
    for number in range(readings * count):
        reading, at = divmod(number, count)
        start = at * 100 + chance.randint(20, 80)
        end = start + chance.randint(20, 160)
        if is_one_whole and at == 0:
            start, end = 0, count * 100
        claim = {"speaker": chance.randint(1, 3), "mode": "direct", "parent": None, "certainty": "", "note": ""}
        records.append(Coded(number + 1, reading + 1, "statement", Record(claim, {"content": [Piece(start, end)]})))
    return records
