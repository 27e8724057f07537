"""The content security policy: the same for every page, so it is written once, not for every answer."""

from collections.abc import Callable

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]


def send_policy(answer: View) -> View:
    """Middleware: send CONTENT_SECURITY_POLICY with every answer."""
    policy = build_policy()

    def answering(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return answering
