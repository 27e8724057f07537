"""Writing over the API: spans of TEXT, an analyst with a token, a reading and a record of theirs."""

from typing import Any

from newsannot.accounts.models import Role
from tests.calling import READ, WRITE, Answer, Api
from tests.factories import TEXT, a_codebook, a_revision, a_user


def at(quote: str, **more: Any) -> dict[str, Any]:
    """The span of a quote in TEXT."""
    start = TEXT.index(quote)
    return {"start": start, "end": start + len(quote), **more}


def analyst() -> Api:
    """A client of an analyst who may write."""
    return Api(a_user(Role.ANALYST), READ, WRITE)


def opened(api: Api, **revision: Any) -> Answer:
    """The client's reading of a new article."""
    a_codebook()
    article = a_revision(**revision).article_id
    return api("POST", f"articles/{article}/readings/")


def a_record(api: Api) -> dict[str, Any]:
    """A statement of the client's."""
    reading = opened(api).json["id"]
    body = {"parts": {"content": [at("“we will close the strait.”")], "cue": [at("said")]}, "mode": "direct"}
    return dict(api("POST", f"readings/{reading}/statements/", body).json)
