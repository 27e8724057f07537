"""What Prometheus may know: requests counted and timed, and the state of the job queue.

The web server has several processes. Where PROMETHEUS_MULTIPROC_DIR names a directory (`serve` makes one), each keeps
its counts in a file there, and whichever process is asked adds all of them up.
"""

import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
if _place := os.environ.get(SHARED_COUNTS):
    Path(_place).mkdir(parents=True, exist_ok=True)  # before the first count, which opens a file there

WORKER_SILENCE = timedelta(seconds=60)  # a worker's heart beats every 10 s
UNFINISHED = ("todo", "doing", "failed")

REQUESTS = Counter("newsannot_requests", "Requests answered.", ["method", "view", "status"])
SECONDS = Histogram(
    "newsannot_request_seconds",
    "Seconds from request to answer.",
    ["view"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

View = Callable[[HttpRequest], HttpResponse]


def count_requests(answer: View) -> View:
    """Middleware: count and time each request under the name of its view."""

    def counted(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = answer(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in {"GET", "POST", "PATCH", "DELETE", "HEAD", "PUT"} else "other"
        REQUESTS.labels(method, view, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - started)
        return response

    return counted


def exposition() -> bytes:
    """All metrics in Prometheus' text format; two small queries."""
    registry = CollectorRegistry()
    registry.register(JobQueue())
    if os.environ.get(SHARED_COUNTS):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def live_worker_count() -> int:
    """How many background workers have given a sign of life within WORKER_SILENCE."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - WORKER_SILENCE).count()


class JobQueue(Collector):
    """The job queue as it is when asked."""

    def collect(self) -> Iterable[Metric]:
        """Give the number of workers alive, and of unfinished jobs by status."""
        yield GaugeMetricFamily("newsannot_workers", "Background workers alive.", value=live_worker_count())
        jobs = GaugeMetricFamily("newsannot_jobs", "Background jobs not finished, by status.", labels=["status"])
        rows = ProcrastinateJob.objects.filter(status__in=UNFINISHED).values_list("status").annotate(Count("id"))
        counts = dict(rows.order_by())
        for status in UNFINISHED:
            jobs.add_metric([status], counts.get(status, 0))
        yield jobs
