"""Signing in and out, and one's own API tokens."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import own_token, role_required, signed_in
from newsannot.accounts.actions import make_token, revoke_token
from newsannot.accounts.attempts import WINDOW_SECONDS, Attempts
from newsannot.accounts.forms import SignInForm, TokenForm
from newsannot.accounts.models import Role, User
from newsannot.accounts.queries import tokens_of
from newsannot.core.errors import RuleBroken

DEMO_ACCOUNTS = (
    ("analyst", "marks articles"),
    ("analyst2", "marks them too, without seeing the other"),
    ("editor", "reviews and publishes"),
    ("admin", "manages people"),
)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in and take them where they were going; a page that asks in place is told who came in."""
    if isinstance(request.user, User):
        return _let_in(request, request.user)
    if request.method != "POST":
        return _sign_in_page(request, SignInForm(request), status=200)
    attempts = Attempts(request.POST.get("username", ""), _address(request))
    form = SignInForm(request, data=request.POST)
    if not attempts.count_one():
        return _sign_in_page(request, form, status=429)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    attempts.forget()
    user = form.get_user()
    login(request, user)
    return _let_in(request, user)


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form without its session’s token; a part of a page is told by 401 when nobody is signed in."""
    if request.headers.get("HX-Request") and not request.user.is_authenticated:
        return HttpResponse(status=401)
    return csrf_failure(request, reason)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return JsonResponse({"person": user.pk})
    return redirect(_destination(request, user))


def _address(request: HttpRequest) -> str:
    """Whom the request came from: behind the proxy that speaks TLS, whom that names last; else whoever connected."""
    named: str = request.headers.get("X-Forwarded-For", "") if settings.IS_SECURE else ""
    return named.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("accounts:sign_in")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.READER)
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's tokens; make one, and show its key this once.

    The key is in the answer to the POST itself: to redirect, it would have to be kept somewhere.
    """
    user = signed_in(request)
    if request.method != "POST":
        return _tokens_page(request, TokenForm(user=user))
    form = TokenForm(request.POST, user=user)
    if not form.is_valid():
        return _tokens_page(request, form, status=422)
    try:
        token, key = make_token(name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], by=user)
    except RuleBroken as refusal:
        for field, texts in refusal.problems.items():
            form.add_error(field or None, list(texts))
        return _tokens_page(request, form, status=422)
    return _tokens_page(request, TokenForm(user=user), made=token.name, key=key)


@require_POST
@role_required(Role.READER)
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    user = signed_in(request)
    token = own_token(user, token_id)
    try:
        revoke_token(token=token, by=user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{token.name}” is revoked. Nothing can use it any more.")
    return redirect("accounts:tokens")


def _sign_in_page(request: HttpRequest, form: SignInForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_accounts": DEMO_ACCOUNTS if settings.IS_EMBEDDED else (),
        "wait_minutes": WINDOW_SECONDS // 60 if status == 429 else 0,
    }
    response = render(request, "accounts/sign_in.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(WINDOW_SECONDS)
    return response


def _tokens_page(
    request: HttpRequest, form: TokenForm, *, status: int = 200, made: str = "", key: str = ""
) -> HttpResponse:
    context = {"form": form, "tokens": tokens_of(form.user), "made": made, "key": key}
    return render(request, "accounts/tokens.html", context, status=status)


def _destination(request: HttpRequest, user: User) -> str:
    """Where they were going, if it is a page of ours; API-only readers, who have no other page, go to their tokens."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL) if user.is_analyst else reverse("accounts:tokens")
