"""The imports pages: what is tried, decided, brought in, cancelled and refused, by the command's own machinery."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Article
from newsannot.dataset import import_jobs
from newsannot.dataset.import_jobs import MOST_KEPT, clear_imports, discard_import, run_import
from newsannot.dataset.models import ImportFile, ImportJob, ImportPiece, ImportState
from tests.dataset.formats.making import a_document, written
from tests.factories import TEXT, a_codebook, a_revision, a_user

pytestmark = pytest.mark.django_db
PAGE = "/imports/"
QUOTE, SPEAKER = "“we will close the strait.”", "Adaeze Obi"


@pytest.fixture(autouse=True)
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far it is, is told by another connection, which sees nothing of a test that is one transaction."""
    monkeypatch.setattr(import_jobs, "TOLD_EVERY", 3600)


@pytest.fixture
def editor(client: Client) -> User:
    a_codebook()
    user = a_user(Role.EDITOR)
    client.force_login(user)
    return user


def a_line(number: int, label: str, words: str) -> str:
    at = TEXT.index(words)
    return f"T{number}\t{label} {at} {at + len(words)}\t{words}\n"


ANN = f"{a_line(1, 'Quote', QUOTE)}{a_line(2, 'Speaker', SPEAKER)}R1\tsaid_by Arg1:T1 Arg2:T2\nA1\tType T1 DIRECT\n"


def an_archive(**files: str | bytes) -> SimpleUploadedFile:
    """A zip; `__` in a name is a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return SimpleUploadedFile("corpus.zip", data.getvalue())


def a_corpus(ann: str = ANN) -> SimpleUploadedFile:
    return an_archive(one__txt=TEXT, one__ann=ann)


def sent(client: Client, *uploads: SimpleUploadedFile, **fields: str) -> ImportJob:
    """An import as it stands once the worker has tried it."""
    answer = client.post(f"{PAGE}new/", {"uploads": uploads, **fields})
    job = ImportJob.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}{job.pk}/")
    run_import(job.pk)
    job.refresh_from_db()
    return job


def pressed(client: Client, job: ImportJob, step: str, **chosen: str) -> None:
    """Send the form with what it shows but for `chosen`, by foreign name."""
    form = client.get(f"{PAGE}{job.pk}/").context["form"]
    fields = {key: chosen.get(one.name, form.fields[key].initial or "") for key, one in form.asked.items()}
    source = chosen.get("source", form.initial["source"])
    assert client.post(f"{PAGE}{job.pk}/", {**fields, "source": source, step: "1"}).status_code == 302


def decided(client: Client, job: ImportJob, *, do: str = "bring", **chosen: str) -> ImportJob:
    """The import once the worker ran; to bring it in, it is tried until nothing that is chosen is new to it."""
    for step in ("check", "check", do) if do == "bring" and chosen else (do,):
        pressed(client, job, step, **chosen)
        run_import(job.pk)
    job.refresh_from_db()
    return job


KNOWN = {"Quote": "statement.content", "Speaker": "statement.source", "said_by": "part", "Type": "mode"}


def counts(job: ImportJob) -> tuple[str, int, int, int]:
    return job.state, job.new_count, job.standing_count, job.problem_count


def test_foreign_names_are_shown_mapped_tried_and_brought_in(client: Client, editor: User) -> None:
    revision = a_revision()

    tried = sent(client, a_corpus())
    assert (tried.format, *counts(tried)) == ("brat", "checked", 0, 0, 3)
    assert tried.foreign == {
        "labels": {"Quote": 1, "Speaker": 1},
        "relations": {"said_by": 1},
        "attributes": {"Type": {"DIRECT": 1}},
    }
    assert Annotation.objects.count() == 0

    again = decided(client, tried, do="check", **KNOWN)
    assert counts(again) == ("checked", 0, 0, 1)
    assert again.problems == [
        ["one.ann:1, statement", "mode: “DIRECT” is not a code of quotation-mode in this reading's codebook."]
    ]
    assert (Annotation.objects.count(), Reading.objects.count()) == (0, 0)

    done = decided(client, again, **KNOWN, DIRECT="direct")
    assert counts(done) == ("done", 1, 0, 0)
    reading = Reading.objects.get(revision=revision, reader=editor)
    statement = Annotation.objects.get(reading=reading).statement
    assert (statement.origin, statement.mode, statement.created_by) == ("import", "direct", editor)
    assert done.brought == [[reading.pk, 1, 0]]
    assert f'href="/readings/{reading.pk}/"' in client.get(f"{PAGE}{done.pk}/").content.decode()
    assert (ImportFile.objects.get().name, ImportPiece.objects.count()) == ("corpus.zip", 0)


def test_the_same_file_again_changes_nothing_and_says_so(client: Client, editor: User) -> None:
    a_revision()
    decided(client, sent(client, a_corpus()), **KNOWN, DIRECT="direct")
    before = list(Reading.objects.values_list("pk", "version"))

    again = decided(client, sent(client, a_corpus()), **KNOWN, DIRECT="direct")

    assert counts(again) == ("done", 0, 1, 0)
    assert list(Reading.objects.values_list("pk", "version")) == before
    shown = " ".join(client.get(f"{PAGE}{again.pk}/").content.decode().split())
    assert "Nothing was new: 1 record stands there already;" in shown


def test_a_name_or_value_that_is_left_out_is_no_problem(client: Client, editor: User) -> None:
    a_revision()

    done = decided(client, sent(client, a_corpus()), **(KNOWN | {"Speaker": "-"}), DIRECT="-")

    assert counts(done) == ("done", 1, 0, 0)
    assert Annotation.objects.get().statement.mode == ""


def test_texts_that_are_not_known_come_in_once_their_source_is_named(client: Client, editor: User) -> None:
    tried = sent(client, a_corpus(a_line(1, "mention", SPEAKER)))
    assert tried.problems == [["one.ann", "No article has this text; name its source to take it in."]]

    decided(client, tried, source="Wire")

    assert [one.source.name for one in Article.objects.all()] == ["Wire"]
    assert Annotation.objects.count() == 1


def test_a_pair_of_files_needs_no_archive(client: Client, editor: User) -> None:
    a_revision()
    ann, txt = a_line(1, "mention", SPEAKER), TEXT

    tried = sent(client, SimpleUploadedFile("x.ann", ann.encode()), SimpleUploadedFile("x.txt", txt.encode()))

    assert (tried.format, *counts(tried)) == ("brat", "checked", 1, 0, 0)


@pytest.mark.parametrize("name", ["jsonl", "w3c", "brat", "tsv3", "xmi", "label-studio", "doccano"])
def test_each_format_is_told_by_itself(client: Client, editor: User, name: str) -> None:
    if name == "xmi":
        pytest.importorskip("cassis")
    data = written(name, a_document(TEXT, ()))
    ending = {"brat": "zip", "tsv3": "zip", "xmi": "zip", "w3c": "jsonld", "label-studio": "json"}.get(name, "jsonl")

    assert sent(client, SimpleUploadedFile(f"x.{ending}", data)).format == name


def test_what_cannot_be_told_has_to_be_chosen(client: Client, editor: User) -> None:
    job = sent(client, SimpleUploadedFile("x.json", b'{"a": 1}'))

    assert (job.state, job.problem) == (
        "failed",
        "Of which format this is cannot be told. Send it again and choose one.",
    )


def test_hostile_entries_of_an_archive_are_refused_one_by_one(client: Client, editor: User) -> None:
    a_revision()
    good = {"one__txt": TEXT, "one__ann": a_line(1, "mention", SPEAKER)}
    hostile: dict[str, Any] = {"../../etc/out__ann": "T1\tmention 0 1\tx\n", "bomb__ann": b"\0" * 40_000_000}
    hostile |= {"two__txt": TEXT, "two__ann": b"\xff\xfe\0T"}

    job = decided(client, sent(client, an_archive(**good, **hostile)))

    assert counts(job) == ("done", 1, 0, 3)
    assert sorted(place for place, _ in job.problems) == ["../../etc/out.ann", "bomb.ann", "two.ann"]


def test_a_line_with_what_the_database_cannot_keep_is_reported_all_the_same(client: Client, editor: User) -> None:
    a_revision()

    job = sent(client, a_corpus("nonsense \0\n"), format="brat")

    assert job.problems == [["one.ann:1", "This line is damaged: nonsense \ufffd"]]


def test_a_damaged_archive_fails_with_words(client: Client, editor: User) -> None:
    data = bytearray(a_corpus().read())
    at = data.rindex(b"PK\x01\x02")
    data[at : at + 4] = b"XXXX"

    job = sent(client, SimpleUploadedFile("x.zip", bytes(data)))

    assert (job.state, job.problem.startswith("The archive is damaged")) == ("failed", True)
    assert "The archive is damaged" in client.get(f"{PAGE}{job.pk}/").content.decode()


def test_too_much_at_once_is_refused_at_its_field(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "LARGEST_UPLOAD", 10)

    refused = client.post(f"{PAGE}new/", {"uploads": [a_corpus()]})

    assert refused.status_code == 422
    assert "use the command import_annotations" in refused.content.decode()
    assert ImportJob.objects.count() == 0


def test_without_a_file_the_form_says_so(client: Client, editor: User) -> None:
    refused = client.post(f"{PAGE}new/", {"format": "brat"})

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["uploads"]


def test_a_script_that_sends_files_is_told_where_to_go_on(client: Client, editor: User) -> None:
    answer = client.post(f"{PAGE}new/", {"uploads": [a_corpus()]}, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == f"{PAGE}{ImportJob.objects.get().pk}/"


def test_so_many_are_kept_and_no_more(client: Client, editor: User) -> None:
    ImportJob.objects.bulk_create(ImportJob(owner=editor) for _ in range(MOST_KEPT))

    assert client.post(f"{PAGE}new/", {"uploads": [a_corpus()]}).status_code == 422
    assert ImportJob.objects.count() == MOST_KEPT


def test_a_decision_comes_after_a_trial_alone(client: Client, editor: User) -> None:
    job = ImportJob.objects.create(owner=editor, state=ImportState.DONE, is_trial=False)

    client.post(f"{PAGE}{job.pk}/", {"bring": "1"})

    assert ImportJob.objects.get().state == "done"


def test_what_is_decided_otherwise_is_tried_before_it_comes_in(client: Client, editor: User) -> None:
    a_revision()
    job = sent(client, a_corpus())

    told = client.post(f"{PAGE}{job.pk}/", {"labels-0": "statement.content", "bring": "1"}, follow=True)
    run_import(job.pk)

    assert "tried once more" in told.content.decode()
    assert (ImportJob.objects.get().state, Annotation.objects.count()) == ("checked", 0)


def test_a_choice_that_is_none_of_ours_is_refused(client: Client, editor: User) -> None:
    a_revision()
    job = sent(client, a_corpus())

    assert client.post(f"{PAGE}{job.pk}/", {"labels-0": "statement.nonsense"}).status_code == 422
    assert ImportJob.objects.get().state == "checked"


def running_meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Do something by another connection once the first text is brought, and tell after every text."""
    monkeypatch.setattr(import_jobs, "TOLD_EVERY", 0)
    monkeypatch.setattr("newsannot.dataset.importing.BATCH", 1)
    bring = import_jobs.Import.bring

    def told(self: Any, found: Any) -> Any:
        for number, one in enumerate(bring(self, found)):
            if number == 0:
                with ThreadPoolExecutor(1) as other:
                    other.submit(apart, deed).result(timeout=30)
            yield one

    monkeypatch.setattr(import_jobs.Import, "bring", told)


def apart(deed: Callable[[], object]) -> None:
    try:
        deed()
    finally:
        connection.close()


def two_texts(client: Client) -> ImportJob:
    ann = a_line(1, "mention", SPEAKER)
    upload = an_archive(one__txt=TEXT, one__ann=ann, two__txt=f"{TEXT}!", two__ann=ann)
    return sent(client, upload, source="Wire")


@pytest.mark.django_db(transaction=True)
def test_one_that_is_cancelled_while_it_comes_in_leaves_nothing(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = two_texts(client)
    assert counts(job) == ("checked", 2, 0, 0)
    running_meanwhile(monkeypatch, lambda: discard_import(job=job, by=editor))

    pressed(client, job, "bring")
    assert not ImportJob.objects.get().is_trial
    run_import(job.pk)

    assert (Article.objects.count(), Reading.objects.count(), Annotation.objects.count()) == (0, 0, 0)
    assert (ImportJob.objects.count(), ImportPiece.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_is_seen_while_nothing_of_it_is(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = two_texts(client)
    seen: list[int] = []
    running_meanwhile(monkeypatch, lambda: seen.append(Annotation.objects.count()))

    pressed(client, job, "bring")
    assert not ImportJob.objects.get().is_trial
    run_import(job.pk)
    done = ImportJob.objects.get()

    assert (counts(done), done.done, seen) == (("done", 2, 0, 0), 2, [0])
    assert Annotation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_that_breaks_off_stores_nothing(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = two_texts(client)

    def fail() -> None:
        raise OSError("the disk is full")

    running_meanwhile(monkeypatch, fail)
    pressed(client, job, "bring")
    assert not ImportJob.objects.get().is_trial
    with pytest.raises(OSError, match="full"):
        run_import(job.pk)

    job.refresh_from_db()
    assert (job.state, Article.objects.count(), Annotation.objects.count()) == ("failed", 0, 0)


def test_what_is_in_stays_when_its_import_is_taken_off_the_list(client: Client, editor: User) -> None:
    a_revision()
    job = decided(client, sent(client, a_corpus(a_line(1, "mention", SPEAKER))))

    gone = client.post(f"{PAGE}{job.pk}/discard/", follow=True)

    assert "what it brought in stays" in gone.content.decode()
    assert (ImportJob.objects.count(), Annotation.objects.count()) == (0, 1)


def test_old_imports_go_and_abandoned_ones_are_given_up(editor: User) -> None:
    old, stalled, fresh = (ImportJob.objects.create(owner=editor, state=ImportState.RUNNING) for _ in range(3))
    now = timezone.now()
    ImportJob.objects.filter(pk=old.pk).update(asked_at=now - timedelta(days=8))
    ImportJob.objects.filter(pk=stalled.pk).update(touched_at=now - timedelta(minutes=20))

    clear_imports()

    assert dict(ImportJob.objects.values_list("pk", "state")) == {stalled.pk: "failed", fresh.pk: "running"}


def test_htmx_gets_how_far_it_is_and_then_the_page_anew(client: Client, editor: User) -> None:
    job = ImportJob.objects.create(owner=editor, state=ImportState.RUNNING, is_trial=False, done=3, text_count=9)
    ask = {"HX-Request": "true"}

    shown = client.get(f"{PAGE}{job.pk}/", headers=ask)
    ImportJob.objects.update(state=ImportState.DONE)
    ended = client.get(f"{PAGE}{job.pk}/", headers=ask)

    assert ('max="9" value="3"' in shown.content.decode(), "<h1>" in shown.content.decode()) == (True, False)
    assert (ended["HX-Refresh"], ended.content) == ("true", b"")


def test_many_problems_are_shown_by_the_hundred(client: Client, editor: User) -> None:
    problems = [[f"x.ann:{n}", "This line is damaged."] for n in range(250)]
    job = ImportJob.objects.create(
        owner=editor, format="brat", state=ImportState.DONE, problems=problems, problem_count=250
    )

    last = client.get(f"{PAGE}{job.pk}/?after=200").content.decode()

    assert ("x.ann:249" in last, "x.ann:199" in last, "201–250 of 250" in last) == (True, False, True)
    assert client.get(f"{PAGE}{job.pk}/?after=nonsense").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", ""), ("post", "discard/")])
def test_anothers_import_is_not_there(client: Client, editor: User, method: str, path: str) -> None:
    other = ImportJob.objects.create(owner=a_user(Role.EDITOR), state=ImportState.CHECKED)

    assert getattr(client, method)(f"{PAGE}{other.pk}/{path}").status_code == 404
    assert ImportJob.objects.get().state == "checked"
    assert f"{PAGE}{other.pk}/" not in client.get(PAGE).content.decode()


def test_strangers_sign_in_and_analysts_are_told(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(a_user())
    assert [client.get(f"{PAGE}{path}").status_code for path in ("", "new/", "1/")] == [403, 403, 403]
    assert PAGE not in client.get("/articles/").content.decode()


@pytest.mark.parametrize(("method", "path"), [("post", ""), ("put", "new/"), ("delete", "1/"), ("get", "1/discard/")])
def test_other_methods_are_refused(client: Client, editor: User, method: str, path: str) -> None:
    assert getattr(client, method)(f"{PAGE}{path}").status_code == 405


def test_the_pages_ask_as_many_queries_for_three_as_for_one(
    client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    a_revision()
    job = decided(client, sent(client, a_corpus(a_line(1, "mention", SPEAKER))))
    place = f"{PAGE}{job.pk}/"
    client.get(place)
    with django_assert_num_queries(6):
        client.get(place)
    with django_assert_num_queries(5):
        client.get(PAGE)

    for words in ("!", "?"):
        a_revision(TEXT + words)
    pairs = {f"{n}__{e}": c for n, w in enumerate(("", "!", "?")) for e, c in {"txt": TEXT + w, "ann": ""}.items()}
    for name in [name for name in pairs if name.endswith("ann")]:
        pairs[name] = a_line(1, "mention", "envoy")
    more = decided(client, sent(client, an_archive(**pairs)))
    assert len(more.brought) == 3
    with django_assert_num_queries(6):
        client.get(f"{PAGE}{more.pk}/")
    sent(client, a_corpus())
    with django_assert_num_queries(5):
        client.get(PAGE)
