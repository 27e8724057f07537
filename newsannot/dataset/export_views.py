"""The exports page: asking for a file, following how it is written, downloading and discarding it."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.core.errors import RuleBroken
from newsannot.core.layers import Layer
from newsannot.core.refusals import Refusal
from newsannot.dataset.exporting import ask_for_export, discard_export
from newsannot.dataset.formats.registry import FORMATS
from newsannot.dataset.forms import LAYER_LABELS, ExportForm
from newsannot.dataset.models import Export, ExportPart, ExportState


def export_for(user: User, export_id: int) -> Export:
    """One of the person's own exports; 404 for any other, 403 where they may not see its layer any more."""
    export = Export.objects.filter(owner=user, pk=export_id).first()
    if export is None:
        raise Http404("There is no such export, or it is not yours.")
    if export.layer != Layer.PUBLISHED and not user.is_editor:
        raise PermissionDenied("Only editors see this layer.")
    return export


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def exports(request: HttpRequest) -> HttpResponse:
    """One's exports, and the form for another."""
    user = signed_in(request)
    if request.method != "POST":
        return _page(request, ExportForm(user))
    form = ExportForm(user, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        ask_for_export(name=form.cleaned_data["format"], selection=form.selection(), by=user)
    except (Refusal, RuleBroken) as refusal:
        for name, texts in (refusal.errors if isinstance(refusal, Refusal) else refusal.problems).items():
            form.add_error(name if name in form.fields else None, list(texts))
        return _page(request, form, status=422)
    messages.success(request, "The worker writes it; it can be downloaded here when it is ready.")
    return redirect("dataset:exports")


def _page(request: HttpRequest, form: ExportForm, *, status: int = 200) -> HttpResponse:
    found = Export.objects.filter(owner=signed_in(request))
    context = {"form": form, "exports": [_shown(export) for export in found]}
    return render(request, "dataset/exports.html", context, status=status)


def _shown(export: Export) -> dict[str, object]:
    """An export as the page shows it."""
    return {
        "export": export,
        "format": FORMATS[export.format].label,
        "layer": LAYER_LABELS[Layer(export.layer)],
        "asked": export.query.replace("&", ", ").replace("=", ": ").replace("+", " "),
    }


@require_safe
@role_required(Role.ANALYST)
def export(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far an export is: a row of the list; the whole list where there is no script."""
    shown = export_for(signed_in(request), export_id)
    if not getattr(request, "htmx", False):
        return redirect("dataset:exports")
    return render(request, "dataset/exports.html#row", {"row": _shown(shown)})


@require_safe
@role_required(Role.ANALYST)
def export_file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The file, once it is ready."""
    found = export_for(signed_in(request), export_id)
    if found.state != ExportState.DONE:
        raise Http404("It is not ready.")
    form = FORMATS[found.format]
    response = StreamingHttpResponse(_bytes(found), content_type=form.media_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = f'attachment; filename="newsannot-{found.pk}.{form.ending}"'
    response["Cache-Control"] = "private, no-store"
    response["Content-Encoding"] = "identity"  # it has its length, and is compressed where it pays
    return response


def _bytes(found: Export) -> Iterator[bytes]:
    for number in ExportPart.objects.filter(export=found).order_by("number").values_list("number", flat=True):
        yield bytes(ExportPart.objects.values_list("data", flat=True).get(export=found, number=number))


@require_POST
@role_required(Role.ANALYST)
def discard(request: HttpRequest, export_id: int) -> HttpResponse:
    """Cancel an export that is being written, or delete one that is ready."""
    discard_export(export=export_for(signed_in(request), export_id), by=signed_in(request))
    messages.success(request, "Discarded; nothing of it is kept.")
    return redirect("dataset:exports")
