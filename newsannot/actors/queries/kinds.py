"""The kinds of actor there are."""

from collections.abc import Mapping

from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import CodeChoice, codebook, latest_codebook


def actor_kinds() -> Mapping[str, CodeChoice]:
    """The kinds of the newest codebook, by code; none before a codebook was loaded."""
    try:
        return codebook(latest_codebook().pk).get("actor-kind", {})
    except CodebookVersion.DoesNotExist:
        return {}
