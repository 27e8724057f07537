"""The kinds of actor there are."""

from collections.abc import Callable, Mapping

from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import CodeChoice, ask_latest_codebook, codebook


def actor_kinds() -> Mapping[str, CodeChoice]:
    """The kinds of the newest codebook, by code; none before a codebook was loaded."""
    return ask_actor_kinds()()


def ask_actor_kinds() -> Callable[[], Mapping[str, CodeChoice]]:
    """Ask for the same; what is given back fetches it."""
    latest = ask_latest_codebook()

    def fetch() -> Mapping[str, CodeChoice]:
        try:
            return codebook(latest().pk).get("actor-kind", {})
        except CodebookVersion.DoesNotExist:
            return {}

    return fetch
