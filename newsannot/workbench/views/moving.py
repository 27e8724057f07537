"""Moving a reading to the newest codebook: looked at first, its questions answered, then done."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import reading_to_change
from newsannot.annotations.models import Reading
from newsannot.annotations.moving import NOTHING, move_reading_on, plan
from newsannot.codebook.queries import became_across, latest_codebook, schemes_of
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.numbers import number_in
from newsannot.workbench.views.answers import SeeOther, place_of

STALE = "This reading changed since you looked at it. What would become of it now is below; your answers are kept."


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def move(request: HttpRequest, reading_id: int) -> HttpResponse:
    """What would become of a reading's codes in the newest codebook; the button moves it there."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    if request.method != "POST":
        return _plan(request, reading)
    version = number_in(request.POST.get("version", "")) or 0
    try:
        moved = move_reading_on(reading=reading, version=version, answers=request.POST.dict(), by=user)
    except Stale as stale:
        reading.version, reading.codebook_id = stale.current.version, stale.current.codebook_id
        return _plan(request, reading, {"": [STALE]}, status=409)
    except RuleBroken as refused:
        return _plan(request, reading, refused.problems, status=422)
    messages.success(request, f"This reading is under codebook {moved.after.number} now. Undo takes it back.")
    return SeeOther(place_of(reading))


def _plan(
    request: HttpRequest,
    reading: Reading,
    problems: Mapping[str, Sequence[str]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    newest = latest_codebook()
    asked = plan(reading, newest)
    problems = problems or {}
    questions = [(one, request.POST.get(one.name, ""), problems.get(one.name, ())) for one in asked.questions]
    names = {one.name for one in asked.questions}
    context = {
        "reading": reading,
        "article": reading.revision.article,
        "newest": newest,
        "plan": asked,
        "questions": questions,
        "nothing": NOTHING,
        "changed": _changed(reading, newest.pk),
        "problems": [text for name, texts in problems.items() if name not in names for text in texts],
    }
    return render(request, "workbench/move.html", context, status=status)


def _changed(reading: Reading, newest: int) -> list[tuple[str, str]]:
    """Key and name of the lists that name or mean some code otherwise in the newest codebook."""
    known = schemes_of(newest)
    return [(key, known[key].name) for key in sorted(became_across(reading.codebook_id, newest)) if key in known]
