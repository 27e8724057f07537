"""The API's collection `releases`: what there is, its files, and what differs between two."""

import re

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.models import Scope
from newsannot.core.describing import described
from newsannot.core.filters import Filter, conditions
from newsannot.core.http import conditional, endpoint
from newsannot.core.paging import PARAMETERS, page_asked, page_of
from newsannot.dataset.access import file_of, release_and_former, release_given_out
from newsannot.dataset.downloading import download
from newsannot.dataset.models import Release, ReleaseState
from newsannot.dataset.release_serializers import (
    DifferencePage,
    ReleaseOut,
    ReleasePage,
    present_differences,
    present_releases,
)
from newsannot.dataset.releasing.differences import differences

READ = Scope.READ_CURATED.value


def _record(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f-]{1,36}", text):
        raise ValueError(f"“{text[:40]}” is no id of a record")
    return text


AFTER = Filter(
    name="after",
    help="The id of the last record you have.",
    read=_record,
    where=lambda values: values[0],
    is_single=True,
)


@described(
    method="GET",
    tag="releases",
    operation="list_releases",
    summary="List releases",
    answer=ReleasePage,
    is_paged=True,
)
@endpoint(GET=READ)
def releases(request: Request) -> Response:
    """Every release, the oldest first."""
    conditions(request, (), besides=PARAMETERS)
    rows = Release.objects.filter(state=ReleaseState.READY).prefetch_related("files")
    return conditional(request, page_of(request, rows, list, present_releases, id_of=lambda one: one.pk))


@described(
    method="GET",
    tag="releases",
    operation="read_release",
    summary="Read a release",
    details="Its files, each with its SHA-256 and where to get it.",
    answer=ReleaseOut,
    refusals=["query", "not-found"],
)
@endpoint(GET=READ)
def release(request: Request, release: str) -> Response:
    """One release."""
    conditions(request, ())
    return conditional(request, present_releases([release_given_out(release)])[0])


@described(
    method="GET",
    tag="releases",
    operation="download_file",
    summary="Get a file of a release",
    details="As it was written when the release was made; the ETag is its SHA-256.",
    answer=OpenApiTypes.BINARY,
    media_type="application/octet-stream",
    refusals=["query", "not-found"],
)
@endpoint(GET=READ)
def file(request: Request, release: str, file: str) -> HttpResponseBase:
    """The bytes of a file."""
    conditions(request, ())
    return download(request._request, file_of(release_given_out(release), file))  # noqa: SLF001 - Django's own


@described(
    method="GET",
    tag="releases",
    operation="compare_releases",
    summary="Compare a release with a former one",
    details="Every record that is not the same in both, by id.",
    answer=DifferencePage,
    filters=[AFTER],
    is_paged=True,
    refusals=["not-found"],
)
@endpoint(GET=READ)
def since(request: Request, release: str, former: str) -> Response:
    """What was added, changed and removed."""
    asked = conditions(request, [AFTER], besides={"page_size"})
    later, earlier = release_and_former(release, former)
    size = page_asked(request).size
    after: str = asked.get("after", "")  # type: ignore[assignment] # the filter's value, no condition
    found = differences(earlier, later, after=after, most=size)
    address = f"{request.path}?page_size={size}&after={found.after}"
    body = {"next": request.build_absolute_uri(address) if found.after else None, "previous": None}
    return conditional(request, body | {"results": present_differences(found.rows)})
