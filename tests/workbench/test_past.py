"""What was: the deleted records of a reading, the history of a record, and bringing either back from the screen."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import change_annotation, delete_annotation, mark_annotation, submit_reading, undo
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from newsannot.workbench.forms.history import MOST_TOLD
from newsannot.workbench.queries.past import PAGE
from tests.calling import published
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user, an_actor, piece
from tests.workbench.test_marking import HTMX, targets

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def deleted(annotation: Annotation, by: User | None = None) -> Annotation:
    delete_annotation(annotation=annotation, by=by or annotation.reading.reader)
    return Annotation.objects.get(pk=annotation.pk)


def without_markup(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


# --- The bin ---


def test_the_list_of_records_leads_to_the_deleted_ones_where_there_are_any(analyst: Client, reading: Reading) -> None:
    page = f"/readings/{reading.pk}/"
    a_mention(reading)
    gone = a_mention(reading, "reckless")
    assert "Deleted (" not in shown(analyst.get(page, headers=HTMX))
    deleted(gone)
    assert f'href="/readings/{reading.pk}/deleted/"' in shown(analyst.get(page, headers=HTMX))
    assert "Deleted (1)</a>" in shown(analyst.get(page))


def test_deleted_records_are_listed_the_last_first_with_who_and_how(analyst: Client, reading: Reading) -> None:
    actor = an_actor("Envoy of the Isles").pk
    deleted(a_mention(reading, "envoy", actor=actor))
    a_mention(reading, "reckless")
    undo(reading=reading, by=reading.reader)
    html = shown(analyst.get(f"/readings/{reading.pk}/deleted/", headers=HTMX))
    assert "<html" not in html
    items = [without_markup(item) for item in re.findall(r"<li.*?</li>", html)]
    assert [re.sub(r" Restore.*", "", item) for item in items] == [
        f"reckless Mention Undone by {reading.reader.label}, just now",
        f"envoy Mention of Envoy of the Isles Deleted by {reading.reader.label}, just now",
    ]


def test_a_deleted_threat_without_words_of_its_own_shows_those_of_its_statement(
    analyst: Client, reading: Reading
) -> None:
    statement = a_statement(reading)
    threat = mark_annotation(
        kind=kind_named("threat"), reading=reading, parts={}, claim={"statements": [statement.pk]}, by=reading.reader
    ).annotation
    deleted(threat)
    assert "If a single ship" in shown(analyst.get(f"/readings/{reading.pk}/deleted/", headers=HTMX))


def test_without_scripts_the_deleted_records_stand_beside_the_text(analyst: Client, reading: Reading) -> None:
    assert "Nothing is deleted" in shown(analyst.get(f"/readings/{reading.pk}/deleted/"))
    gone = deleted(a_mention(reading))
    html = shown(analyst.get(f"/readings/{reading.pk}/deleted/"))
    assert 'id="text"' in html
    assert f'action="/annotations/{gone.pk}/restore/"' in html


def test_one_deleted_record_costs_as_many_queries_as_three(
    analyst: Client, reading: Reading, django_assert_num_queries
) -> None:
    deleted(a_mention(reading, actor=an_actor().pk))
    address = f"/readings/{reading.pk}/deleted/"
    with django_assert_num_queries(6):
        analyst.get(address, headers=HTMX)
    deleted(a_threat(reading, a_statement(reading)))
    deleted(a_mention(reading, "reckless"))
    with django_assert_num_queries(6):
        assert shown(analyst.get(address, headers=HTMX)).count("<li") == 3


def test_many_deleted_records_come_page_by_page(analyst: Client, reading: Reading) -> None:
    for number in range(PAGE + 1):
        a_mention(reading, "reckless", note=f"{number}")
    Annotation.objects.filter(reading=reading).update(deleted_at=timezone.now(), updated_by=reading.reader)
    address = f"/readings/{reading.pk}/deleted/"
    first = shown(analyst.get(address, headers=HTMX))
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    second = shown(analyst.get(unescape(onward[1]), headers=HTMX))
    assert (first.count("<li"), second.count("<li")) == (PAGE, 1)
    assert [re.findall(r'rel="(\w+)"', page) for page in (first, second)] == [["next"], ["prev"]]


def test_a_page_that_cannot_be_read_is_the_first(analyst: Client, reading: Reading) -> None:
    deleted(a_mention(reading))
    address = f"/readings/{reading.pk}/deleted/"
    assert shown(analyst.get(f"{address}?after=nonsense", headers=HTMX)).count("<li") == 1


@pytest.mark.parametrize("part", [True, False])
def test_restoring_shows_the_record_and_its_words(analyst: Client, reading: Reading, part: bool) -> None:
    gone = deleted(a_mention(reading))
    answer = analyst.post(f"/annotations/{gone.pk}/restore/", {"version": 2}, headers=HTMX if part else {})
    assert Annotation.objects.get(pk=gone.pk).deleted_at is None
    if part:
        assert targets(answer) == ["b1", "inspector", "tally", "messages"]
        assert f'data-annotation="{gone.pk}"' in shown(answer)
    else:
        assert (answer.status_code, answer["Location"]) == (303, f"/readings/{reading.pk}/?annotation={gone.pk}#b1")


def test_a_restored_threat_paints_the_words_that_express_it(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    threat = mark_annotation(
        kind=kind_named("threat"), reading=reading, parts={}, claim={"statements": [statement.pk]}, by=reading.reader
    ).annotation
    deleted(threat)
    answer = analyst.post(f"/annotations/{threat.pk}/restore/", {"version": 2}, headers=HTMX)
    assert targets(answer) == ["b1", "inspector", "tally", "messages"]


def test_what_a_record_needs_is_named_when_it_cannot_be_restored(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    threat = deleted(a_threat(reading, statement))
    deleted(statement)
    answer = analyst.post(f"/annotations/{threat.pk}/restore/", {"version": 2}, headers=HTMX)
    assert answer.status_code == 422
    assert "Statements: This threat names a deleted statement; restore that first: “If a single ship" in shown(answer)


def test_in_a_closed_reading_nothing_is_restored(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    gone = deleted(a_mention(reading, "reckless"))
    submit_reading(reading=reading, by=reading.reader)
    assert "Restore" not in shown(analyst.get(f"/readings/{reading.pk}/deleted/", headers=HTMX))
    answer = analyst.post(f"/annotations/{gone.pk}/restore/", {"version": 2})
    assert answer.status_code == 422
    assert "This reading is submitted; nothing in it can change now." in shown(answer)


def test_what_was_restored_meanwhile_is_not_restored_again(analyst: Client, reading: Reading) -> None:
    gone = deleted(a_mention(reading))
    assert analyst.post(f"/annotations/{gone.pk}/restore/", {"version": 2}).status_code == 303
    assert analyst.post(f"/annotations/{gone.pk}/restore/", {"version": 2}).status_code == 409


# --- The history ---


def test_each_version_tells_what_it_changed(analyst: Client, reading: Reading) -> None:
    one, other = an_actor("Adaeze Obi").pk, an_actor("Ifeoma <Obi>").pk
    statement = a_statement(reading, speaker=one, mode="direct", note="on the record")
    change_annotation(
        annotation=statement,
        claim={"speaker": other, "mode": "", "note": "off the record", "negated": True},
        parts={"source": [piece(reading, "Adaeze Obi")], "cue": []},
        by=reading.reader,
    )
    html = shown(analyst.get(f"/annotations/{statement.pk}/history/", headers=HTMX))
    newest, first = re.findall(r'<li class="history-step".*?</li>', html)
    assert re.findall(r"<dt>(?:<span[^>]*>)?([^<]+)", newest) == [
        "Source",
        "Cue",
        "Speaker",
        "Quotation",
        "Denied: they are said not to have said it",
        "Note",
    ]
    was, now = (
        '<del dir="auto"><span class="visually-hidden" dir="ltr">was: </span>',
        '<ins dir="auto"><span class="visually-hidden" dir="ltr">now: </span>',
    )
    assert f'title="was 62–81, now 71–81"> {was}Minister </del>Adaeze Obi </dd>' in newest
    assert f'title="82–86"> {was}said</del> </dd>' in newest
    assert f"{was}Adaeze Obi</del> {now}Ifeoma &lt;Obi&gt;</ins>" in newest
    assert f"{was}Direct</del></dd>" in newest
    assert f"{was}on</del>{now}off</ins> the record" in newest
    assert f"{now}Adaeze Obi</ins>" in first
    assert 'Changed</span> <span class="history-number">version 2' in newest
    assert 'Marked</span> <span class="history-number">version 1' in first


def test_without_scripts_the_history_stands_beside_the_text(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    html = shown(analyst.get(f"/annotations/{mention.pk}/history/"))
    assert 'id="text"' in html
    assert 'id="history-title"' in html


def test_the_record_leads_to_its_history(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    assert f'href="/annotations/{mention.pk}/history/"' in shown(
        analyst.get(f"/annotations/{mention.pk}/", headers=HTMX)
    )


def test_a_deleted_record_keeps_its_history_and_offers_to_be_restored(analyst: Client, reading: Reading) -> None:
    mention = deleted(a_mention(reading))
    html = shown(analyst.get(f"/annotations/{mention.pk}/history/", headers=HTMX))
    assert 'Deleted</span> <span class="history-number">version 2' in html
    assert f'action="/annotations/{mention.pk}/restore/"' in html
    assert "Restore this version" not in html
    assert "data-annotation" not in html


def test_the_history_of_three_versions_costs_as_many_queries_as_that_of_one(
    analyst: Client, reading: Reading, django_assert_num_queries
) -> None:
    threat = a_threat(reading, a_statement(reading), issuer=an_actor().pk)
    address = f"/annotations/{threat.pk}/history/"
    analyst.get(address, headers=HTMX)
    with django_assert_num_queries(13):
        analyst.get(address, headers=HTMX)
    for name in ("One", "Other"):
        change_annotation(annotation=threat, claim={"issuer": an_actor(name).pk}, by=reading.reader)
    with django_assert_num_queries(13):
        assert shown(analyst.get(address, headers=HTMX)).count('class="history-step"') == 3


def test_a_long_history_comes_in_stretches(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    for number in range(MOST_TOLD + 1):
        change_annotation(annotation=mention, claim={"note": f"{number}"}, by=reading.reader)
    address = f"/annotations/{mention.pk}/history/"
    newest = shown(analyst.get(address, headers=HTMX))
    earlier = shown(analyst.get(f"{address}?before=2", headers=HTMX))
    assert (newest.count('class="history-step"'), earlier.count('class="history-step"')) == (MOST_TOLD, 2)
    assert f'href="{address}?before=2"' in newest
    assert (f'href="{address}"' in earlier, "Earlier versions" in earlier) == (True, False)
    assert analyst.get(f"{address}?before=nonsense", headers=HTMX).status_code == 200


def test_a_curated_record_tells_of_its_publication() -> None:
    editor = a_user(Role.EDITOR)
    reading = a_reading()
    a_mention(reading, actor=an_actor().pk)
    record = published(reading, by=editor).annotations.get()
    html = shown(as_user(editor).get(f"/annotations/{record.pk}/history/", headers=HTMX))
    assert re.findall(r'<span class="history-deed">([^<]+)', html) == ["Published", "Copied from a reading"]
    assert "Restore" not in html


# --- Versions brought back ---


@pytest.mark.parametrize("part", [True, False])
def test_a_version_is_restored(analyst: Client, reading: Reading, part: bool) -> None:
    mention = a_mention(reading, form="title")
    before = read_record(mention)
    change_annotation(annotation=mention, parts={"text": [piece(reading, "reckless")]}, by=reading.reader)
    address = f"/annotations/{mention.pk}/versions/1/restore/"
    answer = analyst.post(address, {"version": 2}, headers=HTMX if part else {})
    assert read_record(mention) == before
    if part:
        assert targets(answer) == ["b1", "b3", "inspector", "tally"]
    else:
        assert (answer.status_code, answer["Location"]) == (303, f"/readings/{reading.pk}/?annotation={mention.pk}#b1")
    html = shown(analyst.get(f"/annotations/{mention.pk}/history/", headers=HTMX))
    assert "Put back to version 1" in html
    assert html.count("Restore this version") == 1


def test_a_version_chosen_from_a_stale_history_gets_the_new_one(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    for note in ("one", "two"):
        change_annotation(annotation=mention, claim={"note": note}, by=reading.reader)
    answer = analyst.post(f"/annotations/{mention.pk}/versions/1/restore/", {"version": 2}, headers=HTMX)
    assert answer.status_code == 409
    assert targets(answer) == ["inspector"]
    assert "version 3" in shown(answer)
    assert read_record(mention).claim["note"] == "two"


@pytest.mark.parametrize(
    ("number", "sent", "words"),
    [
        (9, {"version": "2"}, "Number: There is no version 9 of this record."),
        (2, {"version": "2"}, "Number: The record stands as version 2 had it."),
        (1, {"version": "two"}, "Version: This takes a whole number."),
        (1, {}, "Version: This is missing."),
    ],
)
def test_what_cannot_be_restored_is_refused_by_name(
    analyst: Client, reading: Reading, number: int, sent: dict[str, str], words: str
) -> None:
    mention = a_mention(reading)
    change_annotation(annotation=mention, claim={"note": "one"}, by=reading.reader)
    answer = analyst.post(f"/annotations/{mention.pk}/versions/{number}/restore/", sent, headers=HTMX)
    assert (answer.status_code, words in shown(answer)) == (422, True)
    assert Annotation.objects.get(pk=mention.pk).version == 2


# --- Who may ---

PAGES = ["/readings/{reading}/deleted/", "/annotations/{gone}/history/", "/annotations/{record}/history/"]
WRITES = ["/annotations/{gone}/restore/", "/annotations/{record}/versions/1/restore/"]


def addresses(reading: Reading, templates: list[str]) -> list[str]:
    record, gone = a_mention(reading), deleted(a_mention(reading, "reckless"))
    return [one.format(reading=reading.pk, record=record.pk, gone=gone.pk) for one in templates]


def test_what_was_is_unseen_by_who_does_not_see_the_reading(reading: Reading) -> None:
    pages, writes = addresses(reading, PAGES), addresses(reading, WRITES)
    for stranger in (as_user(a_user()), as_user(a_user(Role.EDITOR))):
        assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
        assert [stranger.post(page, {"version": 2}).status_code for page in writes] == [404, 404]


def test_who_may_see_a_reading_sees_what_was_and_may_not_bring_it_back(reading: Reading) -> None:
    pages, writes = addresses(reading, PAGES), addresses(reading, WRITES)
    submit_reading(reading=reading, by=reading.reader)
    editor = as_user(a_user(Role.EDITOR))
    assert [editor.get(page).status_code for page in pages] == [200, 200, 200]
    assert ["Restore" in shown(editor.get(page, headers=HTMX)) for page in pages] == [False, False, False]
    assert [editor.post(page, {"version": 2}).status_code for page in writes] == [403, 403]


def test_readers_and_strangers_are_kept_out(reading: Reading) -> None:
    pages, writes = addresses(reading, PAGES), addresses(reading, WRITES)
    reader = as_user(a_user(Role.READER))
    assert [reader.get(page).status_code for page in pages] == [403, 403, 403]
    assert [reader.post(page).status_code for page in writes] == [403, 403]
    assert [Client().get(page).status_code for page in pages] == [302, 302, 302]


def test_each_address_takes_its_own_method_only(analyst: Client, reading: Reading) -> None:
    assert [analyst.post(page).status_code for page in addresses(reading, PAGES)] == [405, 405, 405]
    assert [analyst.get(page).status_code for page in addresses(reading, WRITES)] == [405, 405]


def test_editors_bring_back_what_was_in_the_curated_reading(reading: Reading) -> None:
    editor = a_user(Role.EDITOR)
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    gone = deleted(a_mention(curated), by=editor)
    client = as_user(editor)
    assert "Deleted (1)" in shown(client.get(f"/readings/{curated.pk}/", headers=HTMX))
    assert client.post(f"/annotations/{gone.pk}/restore/", {"version": 2}, headers=HTMX).status_code == 200
    assert Annotation.objects.get(pk=gone.pk).deleted_at is None
    assert as_user(reading.reader).get(f"/readings/{curated.pk}/deleted/").status_code == 404
