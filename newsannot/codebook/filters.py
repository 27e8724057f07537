"""Filters of the API by code."""

from collections.abc import Iterable
from typing import Any

from newsannot.codebook.models import Code
from newsannot.core.filters import Condition, Filter, matching

_by_scheme: dict[str, set[str]] = {}


def filters_of(scheme: str) -> list[str]:
    """The names of the API's filters that take codes of a scheme."""
    return sorted(_by_scheme.get(scheme, ()))


def code_filter(name: str, scheme: str, where: Condition, help: str) -> Filter:  # noqa: A002 - the word of the field
    """A filter whose values are codes that some version of the scheme has, or had."""
    _by_scheme.setdefault(scheme, set()).add(name)

    def unknown(values: list[Any]) -> Iterable[Any]:
        of_scheme = Code.objects.filter(scheme_version__scheme__key=scheme, code__in=values)
        return sorted(set(values) - set(of_scheme.values_list("code", flat=True)))

    return Filter(
        name=name,
        help=f"{help} A code of `{scheme}` (see `codebook/{scheme}/`).",
        read=matching(r"[A-Za-z0-9_.-]{1,40}", f"a code of {scheme}"),
        where=where,
        unknown=unknown,
    )
