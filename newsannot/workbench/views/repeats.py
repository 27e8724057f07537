"""What the screen sends with an `Idempotency-Key` is carried out once; sent again, it is told what came of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from newsannot.accounts.access import signed_in
from newsannot.annotations.access import annotation_for
from newsannot.annotations.actions import Change
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.repeats import LONGEST_KEY, Keyed, Outcome, digest_of, keyed
from newsannot.workbench.queries.text import ranges_expressing
from newsannot.workbench.views.answers import answer_change

P = ParamSpec("P")


def keyed_request(request: HttpRequest) -> Keyed | None:
    """The request under its key, or None when it has none; raises RuleBroken for a key that cannot be one."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise RuleBroken(f"An Idempotency-Key is at most {LONGEST_KEY} printable characters.", field="request")
    said = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return Keyed(signed_in(request).pk, key, digest_of(request.path, said), _outcome)


def _outcome(result: Any) -> Outcome:
    """Which record an action left in hand, and the ranges to repaint; neither where nothing was changed."""
    change = result if isinstance(result, Change) else getattr(result, "change", None)
    return {"annotation": change.annotation.pk, "ranges": list(change.ranges)} if change else {}


def answer_again(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """What the record is now that an action left in hand, and its words; nothing where it left none."""
    if not outcome:
        return HttpResponse(status=204)
    annotation = annotation_for(signed_in(request), outcome["annotation"], deleted=True)
    change = Change(annotation, annotation.reading.version, [(start, end) for start, end in outcome["ranges"]])
    answer = answer_change(request, annotation.reading, change, besides=ranges_expressing(annotation))
    answer["Idempotent-Replayed"] = "true"
    return answer


def carried_out_once(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    *,
    again: Callable[[HttpRequest, Outcome], HttpResponse] = answer_again,
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view's first action be carried out once for each `Idempotency-Key`; a repetition gets what stands now.

    `again` makes that answer of what the action did.
    """

    @wraps(view)
    def answering(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = keyed_request(request)
        if key is None:
            return view(request, *args, **kwargs)
        try:
            with keyed(key):
                return view(request, *args, **kwargs)
        except (RuleBroken, Stale, Http404):
            outcome = key.outcome_before()
            if outcome is None:
                raise
        return again(request, outcome)

    return answering
