"""One's own webhooks: making, looking at what was sent, switching off, deleting, sending again."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.core.errors import RuleBroken
from newsannot.dataset.webhooks.access import own_webhook
from newsannot.dataset.webhooks.actions import (
    ask_for_ping,
    delete_webhook,
    make_webhook,
    renew_secret,
    replay,
    switch_webhook,
)
from newsannot.dataset.webhooks.forms import ReplayForm, WebhookForm
from newsannot.dataset.webhooks.models import Webhook
from newsannot.dataset.webhooks.queries import deliveries_of, last_seq, webhooks_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.READER)
def webhooks(request: HttpRequest) -> HttpResponse:
    """Show one's webhooks; make one, and show its secret this once, in the answer to the POST itself."""
    user = signed_in(request)
    if request.method != "POST":
        return _webhooks_page(request, WebhookForm())
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _webhooks_page(request, form, status=422)
    try:
        made = make_webhook(**form.cleaned_data, by=user)
    except RuleBroken as refusal:
        _say(form, refusal)
        return _webhooks_page(request, form, status=422)
    return _webhooks_page(request, WebhookForm(), made=made)


@never_cache
@require_http_methods(["GET", "HEAD"])
@role_required(Role.READER)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One webhook, and what became of all it was sent, page by page."""
    return _webhook_page(request, own_webhook(signed_in(request), webhook_id), ReplayForm())


@require_POST
@role_required(Role.READER)
def switch(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Switch one's webhook off, or on again."""
    found, is_on = own_webhook(signed_in(request), webhook_id), request.POST.get("on") == "1"
    switch_webhook(webhook=found, is_on=is_on, by=signed_in(request))
    messages.success(request, "It goes on where it stood." if is_on else "Nothing more is sent.")
    return redirect("webhooks:webhook", webhook_id)


@never_cache
@require_POST
@role_required(Role.READER)
def renew(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Give one's webhook another secret, and show it this once, in the answer to the POST itself."""
    user = signed_in(request)
    renewed = renew_secret(webhook=own_webhook(user, webhook_id), by=user)
    return _webhook_page(request, renewed, ReplayForm(), secret=renewed.secret)


@require_POST
@role_required(Role.READER)
def delete(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """End one's webhook for good."""
    found = own_webhook(signed_in(request), webhook_id)
    delete_webhook(webhook=found, by=signed_in(request))
    messages.success(request, f"The webhook to {found.url} is deleted.")
    return redirect("webhooks:webhooks")


@require_POST
@role_required(Role.READER)
def ping(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Have a test sent."""
    ask_for_ping(webhook=own_webhook(signed_in(request), webhook_id), by=signed_in(request))
    messages.success(request, "A test is sent within some seconds. Reload this page to see what became of it.")
    return redirect("webhooks:webhook", webhook_id)


@require_POST
@role_required(Role.READER)
def send_again(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Have all changes sent again from one on."""
    found, form = own_webhook(signed_in(request), webhook_id), ReplayForm(request.POST)
    if not form.is_valid():
        return _webhook_page(request, found, form, status=422)
    try:
        replay(webhook=found, first=form.cleaned_data["first"], by=signed_in(request))
    except RuleBroken as refusal:
        _say(form, refusal)
        return _webhook_page(request, found, form, status=422)
    messages.success(request, f"Changes are sent again from {form.cleaned_data['first']} on.")
    return redirect("webhooks:webhook", webhook_id)


def _webhooks_page(
    request: HttpRequest, form: WebhookForm, *, made: Webhook | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "webhooks": webhooks_of(signed_in(request)), "made": made, "last": last_seq()}
    return render(request, "webhooks/webhooks.html", context, status=status)


def _webhook_page(
    request: HttpRequest, found: Webhook, form: ReplayForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    query = request.GET.dict()
    page = deliveries_of(found, query)
    context = {
        "webhook": found,
        "deliveries": page.rows,
        "form": form,
        "secret": secret,
        "last": last_seq(),
        **page.links(query),
    }
    return render(request, "webhooks/webhook.html", context, status=status)


def _say(form: Form, refusal: RuleBroken) -> None:
    for field, texts in refusal.problems.items():
        form.add_error(field if field in form.fields else None, list(texts))
