"""What is sent again with the same key is carried out once, and answered with what stands."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsannot.annotations.models import Annotation, Mention, Reading, Span
from newsannot.annotations.rules import Piece
from newsannot.core.models import KeptAnswer
from newsannot.core.repeats import Keyed, digest_of, keyed, take_keyed
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user, piece

pytestmark = pytest.mark.django_db

KEY = {"HX-Request": "true", "Idempotency-Key": "page-1"}
WORDS = "Minister Adaeze Obi"


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def sent(place: Piece, **more: object) -> dict[str, object]:
    return {"start": place.start, "end": place.end, "quote": place.quote, **more}


def test_a_mark_sent_twice_is_one_record_and_both_answers_bring_its_block(analyst: Client, reading: Reading) -> None:
    url, fields = f"/readings/{reading.pk}/mentions/", sent(piece(reading, WORDS))
    first, second = (analyst.post(url, fields, headers=KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert list(Annotation.objects.values_list("version", flat=True)) == [1]
    assert f'data-a="{Annotation.objects.get().pk}"' in second.content.decode()
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")


@pytest.mark.django_db(transaction=True)
def test_two_that_arrive_at_the_same_moment_make_one_record() -> None:
    reading = a_reading()
    url, fields = f"/readings/{reading.pk}/mentions/", sent(piece(reading, WORDS))
    statuses: list[int] = []

    def post() -> None:
        client = Client()
        client.force_login(reading.reader)
        statuses.append(client.post(url, fields, headers=KEY).status_code)
        connection.close()

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (statuses, Mention.objects.count(), KeptAnswer.objects.count()) == ([200] * 4, 1, 1)


def test_keys_are_forgotten_after_a_day(analyst: Client, reading: Reading) -> None:
    before = timezone.now() - timedelta(days=2)
    KeptAnswer.objects.create(owner=reading.reader.pk, key="old", request="0" * 64)
    KeptAnswer.objects.update(created_at=before)
    for number in range(
        400
    ):  # one in 64 sweeps, by its digest: 400 miss it once in 500 times, and always the same ones
        with keyed(Keyed(reading.reader.pk, f"k{number}", digest_of(number), lambda _: {})):
            take_keyed().keep(None)
    assert not KeptAnswer.objects.filter(key="old").exists()


def test_a_mark_with_another_key_is_another_record(analyst: Client, reading: Reading) -> None:
    url, fields = f"/readings/{reading.pk}/mentions/", sent(piece(reading, WORDS))
    for key in ("one", "two"):
        analyst.post(url, fields, headers={**KEY, "Idempotency-Key": key})
    assert Mention.objects.count() == 2


def test_a_mark_that_was_refused_may_be_sent_again(analyst: Client, reading: Reading) -> None:
    place = piece(reading, WORDS)
    url = f"/readings/{reading.pk}/mentions/"
    refused = analyst.post(url, sent(place, quote="other words"), headers=KEY)
    assert (refused.status_code, KeptAnswer.objects.count()) == (409, 0)
    assert analyst.post(url, sent(place), headers=KEY).status_code == 200


def test_a_mark_under_a_key_of_another_request_is_refused_and_not_stored(analyst: Client, reading: Reading) -> None:
    url = f"/readings/{reading.pk}/mentions/"
    analyst.post(url, sent(piece(reading, WORDS)), headers=KEY)
    answer = analyst.post(url, sent(piece(reading, "Monday")), headers=KEY)
    assert (answer.status_code, Mention.objects.count()) == (422, 1)


def test_keys_of_two_people_are_two_keys(analyst: Client, reading: Reading, client: Client) -> None:
    analyst.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, WORDS)), headers=KEY)
    other = a_reading(by=a_user(), revision=reading.revision)
    client.force_login(other.reader)
    answer = client.post(f"/readings/{other.pk}/mentions/", sent(piece(other, WORDS)), headers=KEY)
    assert (answer.status_code, Mention.objects.count()) == (200, 2)


def test_a_deletion_and_an_undo_sent_twice_happen_once(analyst: Client, reading: Reading) -> None:
    kept, gone = a_mention(reading), a_mention(reading, "Monday")
    for _ in range(2):
        answer = analyst.post(f"/annotations/{gone.pk}/delete/", headers=KEY)
        assert answer.status_code == 200
    assert list(Annotation.objects.standing()) == [Annotation.objects.get(pk=kept.pk)]
    for _ in range(2):
        assert analyst.post(f"/readings/{reading.pk}/undo/", headers={**KEY, "Idempotency-Key": "u"}).status_code == 200
    assert Annotation.objects.standing().count() == 2


def test_pieces_and_borders_sent_twice_change_once(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    more = piece(reading, "Monday")
    for _ in range(2):
        fields = sent(more, role="content")
        assert analyst.post(f"/annotations/{statement.pk}/spans/", fields, headers=KEY).status_code == 200
    statement.refresh_from_db()
    assert (Span.objects.filter(role="content", exact="Monday").count(), statement.version) == (1, 2)


def test_a_restatement_and_marks_everywhere_sent_twice_are_there_once(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    before = Statement.objects.count()
    for _ in range(2):
        fields = sent(piece(reading, WORDS))
        assert analyst.post(f"/annotations/{threat.pk}/restatements/", fields, headers=KEY).status_code == 200
    assert (Statement.objects.count() - before, Threat.objects.count()) == (1, 1)


def test_a_form_sent_twice_is_saved_and_not_stale(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    fields = {"version": 1, "speaker": "new:person:Ada Obi", "venue": "Minsk"}
    answers = [analyst.post(f"/annotations/{statement.pk}/", fields, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    saved = Statement.objects.get()
    assert (saved.version, saved.venue, saved.speaker.name) == (2, "Minsk", "Ada Obi")
    assert 'name="version" value="2"' in answers[1].content.decode()


def test_without_a_key_nothing_is_kept_and_no_query_is_spent(
    analyst: Client, reading: Reading, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    url = f"/readings/{reading.pk}/mentions/"
    fields = sent(piece(reading, WORDS))
    analyst.post(url, fields, headers={"HX-Request": "true"})
    with django_assert_max_num_queries(40) as plain:
        analyst.post(url, fields, headers={"HX-Request": "true"})
    assert KeptAnswer.objects.count() == 0
    with django_assert_num_queries(len(plain.captured_queries) + 1):
        analyst.post(url, fields, headers=KEY)


def test_a_key_that_cannot_be_one_is_refused(analyst: Client, reading: Reading) -> None:
    headers = {**KEY, "Idempotency-Key": "k" * 201}
    answer = analyst.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, WORDS)), headers=headers)
    assert (answer.status_code, Mention.objects.count()) == (422, 0)
