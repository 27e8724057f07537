"""The layers of the record, and for whom it is read: what is published, and what only those who work on it see."""

from enum import StrEnum


class Layer(StrEnum):
    """What of the record is asked for."""

    PUBLISHED = "published"
    OWN = "own"
    CURATED = "curated"
    SUBMITTED = "submitted"
    ALL = "all"


class Audience(StrEnum):
    """For whom something is read out of the record.

    Readers get what is published, within what its source lets out of it; staff, who may see more, get all of it.
    """

    READERS = "readers"
    STAFF = "staff"


LAYER_MEANINGS = {
    Layer.PUBLISHED: "what is published (the default; scope `read:curated`)",
    Layer.OWN: "one's own readings (scope `write:annotations`)",
    Layer.CURATED: "the curated readings, published or not (editors, scope `write:annotations`)",
    Layer.SUBMITTED: "what analysts handed in (editors, scope `write:annotations`)",
    Layer.ALL: "everything (analysts, scope `write:annotations` or `write:articles`)",
}
