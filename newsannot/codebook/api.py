"""The API's collection `codebook`."""

from django.db.models import Q
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.models import Scope
from newsannot.codebook.models import CodebookVersion, Scheme
from newsannot.codebook.past import steps_of
from newsannot.codebook.queries import codebook, schemes_of
from newsannot.codebook.serializers import (
    SchemePage,
    SchemeWithCodesOut,
    present_codes,
    present_scheme,
    present_versions,
)
from newsannot.core.describing import described
from newsannot.core.filters import Filter, conditions, whole_number
from newsannot.core.http import conditional, endpoint

READ = (Scope.READ_CURATED.value, Scope.WRITE_ANNOTATIONS.value)
FILTERS = (
    Filter(
        name="version",
        help="The number of a codebook; without it, the newest. A reading names its own.",
        read=whole_number,
        where=lambda values: Q(number=values[0]),
        schema={"type": "integer", "minimum": 1},
        is_single=True,
    ),
)


def _version(request: Request) -> CodebookVersion:
    asked = conditions(request, FILTERS)
    version = CodebookVersion.objects.filter(*asked.values()).first()
    if version is None:
        raise Http404("There is no such codebook.")
    return version


@described(
    method="GET",
    tag="codebook",
    operation="list_schemes",
    summary="List the code lists",
    details="All lists of one codebook, in one page.",
    answer=SchemePage,
    filters=FILTERS,
    refusals=["not-found"],
)
@endpoint(GET=READ)
def schemes(request: Request) -> Response:
    """The code lists of a codebook."""
    version = _version(request)
    found = [present_scheme(one, version.number) for one in schemes_of(version.pk).values()]
    return conditional(request, {"next": None, "previous": None, "results": found})


@described(
    method="GET",
    tag="codebook",
    operation="read_scheme",
    summary="Read a code list",
    answer=SchemeWithCodesOut,
    filters=FILTERS,
    refusals=["not-found"],
)
@endpoint(GET=READ)
def scheme(request: Request, key: str) -> Response:
    """One code list with its codes and their definitions, and what became of codes from version to version."""
    version = _version(request)
    found = schemes_of(version.pk).get(key)
    if found is None:
        raise Http404("There is no such code list in this codebook.")
    codes = present_codes(codebook(version.pk).get(key, {}).values())
    versions = present_versions(steps_of(Scheme.objects.get(key=key)))
    return conditional(request, present_scheme(found, version.number) | {"codes": codes, "versions": versions})
