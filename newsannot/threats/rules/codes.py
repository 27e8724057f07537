"""What a consequence means in the code systems of others.

The codes are those of PLOVER 0.8 (modes of THREATEN), CAMEO 1.1b3 (root 13) and MID 5; which of them a consequence is
read as is this project's judgement. Where a system has no code that fits, none is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """A consequence in words, and its codes elsewhere, the likeliest first."""

    words: str
    plover_mode: tuple[str, ...] = ()
    cameo: tuple[str, ...] = ()
    mid_action: tuple[str, ...] = ()


OUTCOMES: Mapping[str, Outcome] = {
    "force": Outcome("military force", ("violence",), ("138",), ("1",)),
    "blockade": Outcome("a blockade", ("restrict",), ("1381",), ("2",)),
    "occupation": Outcome("occupation", ("territory",), ("1382",), ("3",)),
    "wmd": Outcome("weapons of mass destruction", ("violence",), ("1385",), ("5",)),
    "sanctions": Outcome("sanctions", ("restrict",), ("1312",)),
    "aid_cut": Outcome("a cut of aid", (), ("1311",)),
    "relations": Outcome("a break of relations", ("relations",), ("1313",)),
    "talks": Outcome("an end of talks", ("relations",), ("134", "135")),
    "expulsion": Outcome("expulsion", ("expel",), ("131",)),
    "arrest": Outcome("arrest", ("arrest",), ("137",)),
    "repression": Outcome("repression", ("restrict", "violence"), ("137", "132")),
    "cyber": Outcome("a cyber operation", (), ("130",)),
    "unspecified": Outcome("left open", (), ("130",)),
}
ULTIMATUM = "139"
"""CAMEO's code for an ultimatum, which stands only where no other type can be given."""
