"""What load balancers and operators are told."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture
def worker(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_means_database_migrations_and_worker(client: Client, worker: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "migrations": "ok", "worker": "ok"})


@pytest.mark.django_db
def test_without_a_living_worker_it_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "none alive")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_can_be_posted_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", "sesame"])
def test_metrics_are_refused_to_strangers(client: Client, settings: Settings, header: str) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 401
    settings.METRICS_TOKEN = "open sesame"
    answer = client.get("/metrics", headers={"Authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("editor", 401), ("analyst", 401), ("reader", 401)])
def test_metrics_are_for_administrators(client: Client, role: str, status: int) -> None:
    client.force_login(get_user_model().objects.create_user(username="somebody", role=role))
    assert client.get("/metrics").status_code == status


def test_metrics_count_requests_and_know_the_queue(client: Client, worker: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = "open sesame"
    client.get("/healthz")
    answer = client.get("/metrics", headers={"Authorization": "Bearer open sesame"})
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/plain")
    assert "newsannot_workers 1.0" in lines
    assert 'newsannot_jobs{status="failed"} 0.0' in lines
    assert any(line.startswith('newsannot_requests_total{method="GET",status="200",view="healthz"}') for line in lines)
