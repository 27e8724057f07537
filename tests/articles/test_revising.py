"""Another text of a known article, stored as its next revision."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.articles.actions import take_in
from newsannot.articles.models import Article, Revision
from newsannot.articles.revising import add_revision
from newsannot.articles.rules.items import draft_item
from newsannot.core.errors import RuleBroken
from tests.articles.test_import_articles import run
from tests.factories import TEXT, a_mention, a_reading, a_revision, a_user

pytestmark = pytest.mark.django_db
NEW = TEXT.replace("Minister warns neighbour\n", "Minister warns neighbour again\n")


def test_another_text_becomes_the_next_revision_with_zones_of_its_own() -> None:
    first = a_revision()
    mention = a_mention(a_reading(revision=first))
    revision = add_revision(article=first.article, draft=draft_item({"text": NEW}), by=a_user(Role.EDITOR))
    revision.refresh_from_db()
    assert (revision.number, revision.text, revision.length) == (2, NEW, len(NEW))
    assert revision.block_starts[:2] == [0, len("Minister warns neighbour again\n")]
    assert [zone.kind for zone in revision.zones.all()][-1] == "boilerplate"
    assert first.article.current_revision == revision
    mention.refresh_from_db()
    assert (mention.reading.revision_id, mention.spans.get().exact) == (first.pk, "Minister Adaeze Obi")


def test_a_text_that_is_stored_already_is_refused() -> None:
    first = a_revision()
    a_revision(NEW)
    for text, words in ((TEXT, "has this text already"), (NEW, "is another article that has this text")):
        with pytest.raises(RuleBroken, match=words) as refused:
            add_revision(article=first.article, draft=draft_item({"text": text}), by=None)
        assert list(refused.value.problems) == ["text"]
    assert first.article.revisions.count() == 1


def test_only_editors_store_another_text() -> None:
    with pytest.raises(PermissionDenied):
        add_revision(article=a_revision().article, draft=draft_item({"text": NEW}), by=a_user(Role.ANALYST))


def test_the_text_sent_again_is_known_by_its_new_revision() -> None:
    article = a_revision(url="https://demo.invalid/known").article
    add_revision(article=article, draft=draft_item({"text": NEW}), by=None)
    results = take_in(items=[{"text": NEW}, {"text": "Else.", "url": "https://demo.invalid/known"}], by=None)
    assert [(r.status, r.id, r.is_other_text) for r in results] == [
        ("duplicate", article.pk, False),
        ("duplicate", article.pk, True),
    ]


# --- The page --------------------------------------------------------------------------------------


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(a_user(Role.EDITOR))
    return client


def test_an_editor_stores_another_text_from_the_article_s_page(editor: Client) -> None:
    article = a_revision().article
    url = f"/articles/{article.pk}/revise/"
    assert f'href="{url}"' in editor.get(f"/articles/{article.pk}/").content.decode()
    assert editor.get(url).status_code == 200
    answer = editor.post(url, {"text": NEW.replace("\n", "\r\n")}, follow=True)
    assert answer.redirect_chain == [(f"/articles/{article.pk}/", 302)]
    assert "Revision 2 is stored." in answer.content.decode()
    assert article.current_revision.text == NEW


@pytest.mark.parametrize(("text", "words"), [("", "required"), ("  \n", ""), (TEXT, "has this text already")])
def test_what_cannot_be_stored_comes_back_with_its_reason(editor: Client, text: str, words: str) -> None:
    article = a_revision().article
    answer = editor.post(f"/articles/{article.pk}/revise/", {"text": text})
    page = answer.content.decode()
    assert (answer.status_code, 'class="field-error"' in page, words in page) == (422, True, True)
    assert article.revisions.count() == 1


def test_who_may(client: Client) -> None:
    url = f"/articles/{a_revision().article_id}/revise/"
    assert client.get(url)["Location"] == f"/account/sign-in/?next={url}"
    answers = {}
    for role in Role.values:
        client.force_login(a_user(role))
        answers[role] = client.get(url).status_code
    assert answers == {"reader": 403, "analyst": 403, "editor": 200, "admin": 200}
    assert client.get("/articles/999999/revise/").status_code == 404
    assert client.put(url).status_code == 405


# --- The command -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_command_stores_another_text_on_wish_alone(tmp_path: Path) -> None:
    item = {"url": "https://demo.invalid/known", "title": "It", "text": TEXT}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(item))
    run(file)
    file.write_text(json.dumps({**item, "text": NEW}) + "\n" + json.dumps({"title": "Else", "text": "Else."}))
    assert "another text: nothing changed" in run(file)[0]
    assert Revision.objects.filter(number=2).count() == 0
    out, err, failure = run(file, "--revise")
    article = Article.objects.get(url="https://demo.invalid/known")
    assert (out.splitlines()[0], err, failure) == (f"{file}:1: now revision 2 of article {article.pk}", "", "")
    assert out.splitlines()[-1] == "0 articles added, 1 with another text, 1 already there, 0 not taken in."
    assert article.current_revision.text == NEW
    assert run(file, "--revise")[0].splitlines()[-1] == "0 articles added, 2 already there, 0 not taken in."
    analyst = a_user(Role.ANALYST)
    assert run(file, "--revise", by=analyst.username)[2].startswith(f"{analyst.username} is no editor")
