"""What people do and how they agree: editors see everybody’s figures, an analyst their own alone."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.measuring import ask_for_report, make_report, renew_divergences
from newsannot.review.models import Divergence
from newsannot.review.queries.people import own_figures, people_figures
from newsannot.review.tasks import renew_every_minute
from tests.factories import a_mention, a_reading, a_revision, a_user
from tests.review.assigning import an_assignment, handed_in
from tests.review.disputing import disputed
from tests.review.test_agreement_pages import ana_and_ben, read_by
from tests.review.test_pages import html, text_of, titles

pytestmark = pytest.mark.django_db

PEOPLE, MINE, QUEUE = "/review/people/", "/work/figures/", "/review/"


@pytest.fixture
def editor(client: Client) -> User:
    by = a_user(Role.EDITOR, first_name="Eva")
    client.force_login(by)
    return by


def computed() -> None:
    make_report(ask_for_report(by=a_user(Role.EDITOR)))


# --- People -----------------------------------------------------------------------------------------------


def test_what_a_person_did_is_counted() -> None:
    ana, editor = a_user(), a_user(Role.EDITOR)
    first, second, third = (handed_in(ana, a_revision()) for _ in range(3))
    a_reading(ana)
    an_assignment(ana, due_at=timezone.now() - timedelta(hours=1))
    accept_reading(reading=first, by=editor)
    return_reading(reading=second, comment="Look again.", by=editor)
    long_ago = timezone.now() - timedelta(days=20)
    Reading.objects.filter(pk=third.pk).update(submitted_at=long_ago, opened_at=long_ago - timedelta(days=3))
    Reading.objects.filter(pk=first.pk).update(opened_at=Reading.objects.get(pk=first.pk).submitted_at)
    (found,) = [one for one in people_figures().figures if one.person == ana]
    counts = (found.in_week, found.in_month, found.handed_in, found.accepted, found.open, found.late, found.returned)
    assert counts == (1, 2, 2, 1, 2, 1, 1)
    assert found.days == pytest.approx(1.5)


def test_rulings_against_a_person_are_counted() -> None:
    of = disputed()
    of.rule(choice=1)
    figures = {one.person: (one.ruled, one.otherwise, one.otherwise_percent) for one in people_figures().figures}
    assert (figures[of.ana], figures[of.ben]) == ((1, 1, 100), (1, 0, 0))


def test_editors_see_everybodys_agreement_as_last_computed(client, editor) -> None:
    ana, ben = ana_and_ben()
    computed()
    page = client.get(PEOPLE)
    of = {one.person: one.agreement[0].text for one in page.context["people"].figures if one.agreement[0]}
    assert of == {ana: "0.91", ben: "0.91"}
    assert re.findall(r'<th scope="row">\s*<a href="([^"]*)">(\w+)</a>', html(page)) == [
        (f"/review/?tab=readings&amp;analyst={ana.pk}", "Ana"),
        (f"/review/?tab=readings&amp;analyst={ben.pk}", "Ben"),
    ]


def test_an_analyst_sees_their_own_figures_and_nobody_elses(client) -> None:
    ana, ben = ana_and_ben()
    computed()
    client.force_login(ana)
    page = html(client.get(MINE))
    assert ("0.91 of records found alike" in text_of(page), "5 in all" in text_of(page)) == (True, True)
    assert ben.label not in page
    assert [one.person for one in own_figures(ana).figures] == [ana]


def test_of_few_texts_an_analyst_is_shown_no_agreement(client) -> None:
    ana, revision = a_user(), a_revision()
    for by in (ana, a_user()):
        handed_in(by, revision)
    computed()
    client.force_login(ana)
    assert ("not computed" in html(client.get(MINE)), "found alike" in html(client.get(MINE))) == (True, False)
    assert people_figures().figures[0].agreement[0].text == "1.00"


def test_what_others_have_not_handed_in_moves_nobodys_figures(client) -> None:
    ana, ben = ana_and_ben()
    computed()
    client.force_login(ana)
    before = text_of(html(client.get(MINE)))
    mine = a_reading(ben)
    read_by(a_user(), mine.revision)
    a_mention(mine)
    computed()
    as_of = re.compile(r"as of .*? UTC")
    assert as_of.sub("", text_of(html(client.get(MINE)))) == as_of.sub("", before)


def test_who_may_see_which_figures(client) -> None:
    assert (client.get(PEOPLE).status_code, client.get(MINE).status_code) == (302, 302)
    for role, seen in ((Role.READER, (403, 403)), (Role.ANALYST, (403, 200)), (Role.EDITOR, (200, 200))):
        client.force_login(a_user(role))
        assert (client.get(PEOPLE).status_code, client.get(MINE).status_code) == seen
    assert (client.post(PEOPLE).status_code, client.post(MINE).status_code) == (405, 405)


def test_figures_take_as_many_queries_for_many_as_for_one(client, editor) -> None:
    counts = []
    for more in (1, 3):
        for _ in range(more):
            handed_in(a_user(), a_revision())
        with CaptureQueriesContext(connection) as asked:
            client.get(PEOPLE)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- From every figure to its cases -------------------------------------------------------------------------

FIGURES = ("week", "month", "all", "accepted", "open", "late", "returned", "compared")


def figured() -> User:
    """Somebody with something behind each of their figures."""
    ana, editor = a_user(first_name="Ana"), a_user(Role.EDITOR)
    new, back, old = (handed_in(ana, a_revision(title=title)) for title in ("New", "Back", "Old"))
    accept_reading(reading=new, by=editor)
    return_reading(reading=back, comment="Look again.", by=editor)
    long_ago = timezone.now() - timedelta(days=20)
    Reading.objects.filter(pk=old.pk).update(submitted_at=long_ago, opened_at=long_ago - timedelta(days=3))
    an_assignment(ana, revision=a_revision(title="Owed"), due_at=timezone.now() - timedelta(days=2))
    read_by(a_user(first_name="Ben"), old.revision)
    computed()
    return ana


EXPECTED = {
    "week": ["New"],
    "month": ["Old", "New"],
    "all": ["Old", "New"],
    "accepted": ["New"],
    "open": ["Back"],
    "late": ["Owed"],
    "returned": ["Back"],
    "compared": ["Old"],
}


def test_every_figure_of_a_person_leads_to_what_it_counts(client, editor) -> None:
    ana = figured()
    pages = {of: client.get(f"{PEOPLE}{ana.pk}/{of}/") for of in FIGURES}
    assert {of: titles(page) for of, page in pages.items()} == EXPECTED
    assert "3.0 days from opening it" in text_of(html(pages["month"]))
    assert "Look again." in html(pages["returned"])
    links = set(re.findall(rf'href="({PEOPLE}{ana.pk}/[^"]+)"', html(client.get(PEOPLE))))
    assert links == {f"{PEOPLE}{ana.pk}/{of}/" for of in FIGURES if of != "compared"}
    old = Reading.objects.get(reader=ana, revision__article__title="Old")
    assert f'href="/review/readings/{old.pk}/"' in html(pages["month"])
    assert "/readings/" not in html(pages["open"]).split("<main")[1]  # it is with its analyst


def test_ones_own_figures_lead_to_ones_own_readings_alone(client) -> None:
    ana = figured()
    client.force_login(ana)
    pages = {of: client.get(f"{MINE}{of}/") for of in FIGURES}
    assert {of: titles(page) for of, page in pages.items()} == EXPECTED
    links = {link for page in pages.values() for link in re.findall(r'href="/readings/(\d+)/"', html(page))}
    assert {int(pk) for pk in links} == set(Reading.objects.filter(reader=ana).values_list("pk", flat=True))
    client.force_login(User.objects.get(first_name="Ben"))
    assert [titles(client.get(f"{MINE}{of}/")) for of in FIGURES] == [
        ["Old"],
        ["Old"],
        ["Old"],
        [],
        [],
        [],
        [],
        ["Old"],
    ]


def test_a_persons_agreement_leads_to_what_they_tell_otherwise_than_any_other(client, editor) -> None:
    ana, _ = ana_and_ben()
    cem, revision = a_user(first_name="Cem"), Reading.objects.filter(reader=ana).earliest("pk").revision
    read_by(cem, revision, "title", more="envoy")
    computed()
    page = html(client.get(PEOPLE))
    link = unescape(re.search(rf'href="(/review/agreement/cases/[^"]*group={cem.pk})"', page)[1])
    shown = client.get(link)
    assert (titles_of_cases(shown), "Cem with the others" in html(shown)) == (["envoy"], True)
    forms = client.get(f"{link}&name=field:form")
    assert "Minister Adaeze Obi" in titles_of_cases(forms)
    sheet = b"".join(client.get(link.replace("cases/", "cases.csv")).streaming_content).decode()
    assert sheet.count("envoy") == 2  # he has it; neither Ana nor Ben does


def titles_of_cases(response) -> list[str]:
    return re.findall(r'<h3 class="case-words"[^>]*>([^<]*)</h3>', html(response))


def test_what_was_ruled_otherwise_leads_to_those_rulings(client) -> None:
    of = disputed()
    of.rule(choice=1)
    client.force_login(of.eva)
    assert f'href="{PEOPLE}{of.ana.pk}/rulings/?otherwise=1"' in html(client.get(PEOPLE))
    against = {one: html(client.get(f"{PEOPLE}{one.pk}/rulings/", {"otherwise": "1"})) for one in (of.ana, of.ben)}
    assert [page.count('class="card is-') for page in against.values()] == [1, 0]
    assert "<dt>Said</dt>" in against[of.ana]


def test_who_may_see_the_cases_of_figures(client) -> None:
    ana = a_user()
    paths = (f"{PEOPLE}{ana.pk}/all/", f"{PEOPLE}{ana.pk}/rulings/", f"{MINE}all/")
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]
    for role, seen in ((Role.READER, [403] * 3), (Role.ANALYST, [403, 403, 200]), (Role.EDITOR, [200] * 3)):
        client.force_login(a_user(role))
        assert [client.get(path).status_code for path in paths] == seen
    assert [client.post(path).status_code for path in paths] == [405] * 3
    wrong = (f"{PEOPLE}{2**40}/all/", f"{PEOPLE}{2**40}/rulings/", f"{PEOPLE}{ana.pk}/nothing/", f"{MINE}nothing/")
    assert [client.get(path).status_code for path in wrong] == [404] * 4


def test_cases_of_figures_take_as_many_queries_for_many_as_for_one(client, editor) -> None:
    ana, counts = a_user(), []
    for more in (1, 3):
        for _ in range(more):
            return_reading(reading=handed_in(ana, a_revision()), comment="Again.", by=editor)
            handed_in(ana, a_revision())
            an_assignment(ana, due_at=timezone.now() - timedelta(days=2))
        asked = []
        for of in FIGURES:
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{PEOPLE}{ana.pk}/{of}/")
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]


# --- The queue by disagreement and due date -------------------------------------------------------------------


def queued(client: Client, **query: str) -> list[str]:
    return titles(client.get(QUEUE, query))


def three_texts() -> None:
    """Alike has nothing in dispute, Apart two things of two, and Alone is read by one."""
    ana, ben = a_user(first_name="Ana"), a_user(first_name="Ben")
    alike, apart, alone = (a_revision(title=title) for title in ("Alike", "Apart", "Alone"))
    for by in (ana, ben):
        read_by(by, alike)
        read_by(by, apart, "name" if by == ana else "title", more="envoy" if by == ana else "")
    read_by(ana, alone)


def test_the_worker_counts_what_is_in_dispute_and_only_what_changed(editor) -> None:
    three_texts()
    renew_every_minute(0)
    found = Divergence.objects.order_by("pk").values_list("revision__article__title", "things", "differing")
    assert list(found) == [("Alike", 1, 0), ("Apart", 2, 2)]
    assert renew_divergences(seconds=9) == 0
    returned = Reading.objects.filter(revision__article__title="Alike").earliest("pk")
    return_reading(reading=returned, comment="Look again.", by=editor)
    assert renew_divergences(seconds=9) == 0
    assert list(Divergence.objects.values_list("revision__article__title", flat=True)) == ["Apart"]


def test_the_queue_is_ordered_by_disagreement(client, editor) -> None:
    three_texts()
    renew_divergences(seconds=9)
    assert queued(client) == ["Alike", "Apart", "Alike", "Apart", "Alone"]
    assert queued(client, order="differing") == ["Apart", "Apart", "Alike", "Alike", "Alone"]
    page = text_of(html(client.get(QUEUE)))
    assert (page.count("2 of 2 differ"), page.count("0 of 1 differ")) == (2, 2)


def test_the_queue_is_narrowed(client, editor) -> None:
    three_texts()
    renew_divergences(seconds=9)
    ana = User.objects.get(first_name="Ana")
    shown = {only: queued(client, only=only) for only in ("differing", "alike", "alone", "late", "nothing")}
    assert shown == {
        "differing": ["Apart", "Apart"],
        "alike": ["Alike", "Alike"],
        "alone": ["Alone"],
        "late": [],
        "nothing": ["Alike", "Apart", "Alike", "Apart", "Alone"],
    }
    assert queued(client, analyst=str(ana.pk)) == ["Alike", "Apart", "Alone"]


def test_what_is_due_first_lies_first_and_what_is_due_never_last(client, editor) -> None:
    now, ana = timezone.now(), a_user()
    for title, days in (("Never", None), ("Late", -1), ("Soon", 2)):
        revision = a_revision(title=title)
        an_assignment(ana, revision=revision, due_at=now + timedelta(days=days) if days is not None else None)
        handed_in(ana, revision)
    assert queued(client, order="due") == ["Late", "Soon", "Never"]
    assert queued(client, only="late") == ["Late"]
    assert text_of(html(client.get(QUEUE))).count(" late ") == 1


def test_once_compared_it_is_questions_that_count(client, editor) -> None:
    of = disputed()
    assert text_of(html(client.get(QUEUE))).count("1 undecided") == 2
    of.rule()
    page = text_of(html(client.get(QUEUE, {"only": "alike"})))
    assert (page.count("all decided"), page.count("undecided")) == (2, 0)


def test_a_queue_narrowed_to_nothing_says_that_it_is_narrowed(client, editor) -> None:
    assert "Nothing waits for review" in text_of(html(client.get(QUEUE)))
    three_texts()
    assert "No reading answers to that" in text_of(html(client.get(QUEUE, {"analyst": editor.pk})))


def test_a_page_of_the_queue_goes_on_in_its_order(client, editor, monkeypatch) -> None:
    monkeypatch.setattr("newsannot.review.queries.queue.PAGE_SIZE", 2)
    three_texts()
    renew_divergences(seconds=9)
    for order in ("differing", "due", ""):
        seen, address = [], f"{QUEUE}?order={order}&only="
        while address:
            page = client.get(address)
            seen += titles(page)
            following = re.search(r'rel="next"\s+href="([^"]*)"', html(page))
            address = f"{QUEUE}{following[1].replace('&amp;', '&')}" if following else ""
        assert len(seen) == 5
