"""Requests that come twice, also at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role
from newsannot.annotations.models import Annotation
from newsannot.core.idempotency import KEPT_FOR
from newsannot.core.models import KeptAnswer
from tests.calling import WRITE, Api
from tests.factories import TEXT, a_mention, a_reading, a_user


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_are_carried_out_once() -> None:
    reading = a_reading()
    assert reading.reader is not None
    key = Api(reading.reader, WRITE).key
    start = TEXT.index("said")
    together = Barrier(4)

    def send(_: int) -> tuple[int, str]:
        together.wait()
        try:
            response = Client().post(
                f"/api/v1/readings/{reading.pk}/mentions/",
                {"parts": {"text": [{"start": start, "end": start + 4}]}},
                content_type="application/json",
                headers={"authorization": f"Token {key}", "idempotency-key": "the same"},
            )
            return response.status_code, response.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert [status for status, _ in answers] == [201]
    assert Annotation.objects.count() == 1


@pytest.mark.django_db
def test_a_submission_may_be_sent_twice() -> None:
    reading = a_reading()
    a_mention(reading)
    assert reading.reader is not None
    api = Api(reading.reader, WRITE)
    path = f"readings/{reading.pk}/submit/"
    first = api("POST", path, idempotency_key="done")
    assert api("POST", path, idempotency_key="done").json == first.json
    assert api("POST", path, idempotency_key="again").status == 422


@pytest.mark.django_db
def test_answers_are_kept_for_a_day() -> None:
    api = Api(a_user(Role.ANALYST), WRITE)
    reading = a_reading(api.user)
    path = f"articles/{reading.revision.article_id}/readings/"
    api("POST", path, idempotency_key="old")
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    api("POST", path, idempotency_key="new")
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db
def test_a_key_belongs_to_one_path() -> None:
    api = Api(a_user(Role.ANALYST), WRITE)
    reading = a_reading(api.user)
    api("POST", f"articles/{reading.revision.article_id}/readings/", idempotency_key="k")
    answer = api("POST", f"readings/{reading.pk}/submit/", idempotency_key="k")
    assert (answer.status, answer.kind) == (422, "idempotency")
