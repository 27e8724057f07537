"""A request sent twice with one `Idempotency-Key` is carried out once, also when both arrive at the same moment."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from newsannot.core.history import action
from newsannot.core.models import KeptAnswer
from newsannot.core.refusals import Refusal

KEPT_FOR = timedelta(days=1)
LONGEST_KEY = 200
_KEPT_HEADERS = ("ETag", "Location")


def once(request: Request, answer: Callable[[], Response]) -> Response:
    """The answer to a request; without a key, or when it refuses, nothing is kept."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return answer()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refusal("malformed", f"An Idempotency-Key is at most {LONGEST_KEY} printable characters.")
    return _answer_once(key=key, digest=_digest(request), answer=answer, by=request.user)


def _digest(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


@action
def _answer_once(*, key: str, digest: str, answer: Callable[[], Response], by: Any) -> Response:
    """Answer and keep it in one transaction. The unique key has a second request wait for the first to end."""
    KeptAnswer.objects.filter(owner=by.pk, created_at__lt=timezone.now() - KEPT_FOR).delete()
    KeptAnswer.objects.bulk_create([KeptAnswer(owner=by.pk, key=key, request=digest)], ignore_conflicts=True)
    kept = KeptAnswer.objects.select_for_update().get(owner=by.pk, key=key)
    if kept.request != digest:
        raise Refusal("idempotency", "This Idempotency-Key came with another request before; make a new one.")
    if kept.status is not None:
        return Response(json.loads(kept.body), kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})
    fresh = answer()
    kept.status, kept.body = fresh.status_code, json.dumps(fresh.data, cls=JSONEncoder)
    kept.headers = {name: fresh[name] for name in _KEPT_HEADERS if name in fresh}
    kept.save(update_fields=["status", "body", "headers"])
    return fresh
