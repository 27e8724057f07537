"""For load balancers and operators: does the process live, is it ready, how does it fare."""

import hmac
import threading

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from newsannot.core.metrics import exposition, live_worker_count

REACH_SECONDS = 3
_found_migrated = threading.Event()


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say for database, migrations and worker whether each is ready; 503 unless all are."""
    try:
        _reach_database()
        state = {"database": "ok", "migrations": _migrations(), "worker": _worker()}
    except (Error, psycopg.Error):
        state = {"database": "does not answer"}
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus' metrics to operators: administrators, or whoever sends METRICS_TOKEN as a bearer token."""
    if not (_has_token(request) or (request.user.is_authenticated and request.user.is_admin)):
        answer = HttpResponse("For operators only.\n", content_type="text/plain", status=401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


def _reach_database() -> None:
    """Connect past the pool, which would let us wait longer than whoever asks."""
    psycopg.connect(**{**connection.get_connection_params(), "connect_timeout": REACH_SECONDS}).close()


def _migrations() -> str:
    """Whether the database has the migrations of this version; found so once, it is taken for granted."""
    if not _found_migrated.is_set():
        executor = MigrationExecutor(connection)
        if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
            return f"{missing} missing; run: manage.py migrate"
        _found_migrated.set()
    return "ok"


def _worker() -> str:
    return "ok" if live_worker_count() else "none alive"
