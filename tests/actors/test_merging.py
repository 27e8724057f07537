"""Merging actors: looked at before, resolved everywhere, rewritten nowhere, taken back; and no circles."""

import re
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.actions import actor_named, create_actor, merge_actors, unmerge_actor
from newsannot.actors.models import Actor, Merge
from newsannot.actors.queries.merging import Conflict, families_of, move_of, where_merged_went
from newsannot.annotations.actions import change_annotation, undo
from newsannot.core.errors import RuleBroken
from tests.calling import Api, a_publication
from tests.factories import a_codebook, a_mention, a_reading, a_statement, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db


def merged(actor: Actor, into: Actor) -> Merge:
    return merge_actors(actor=actor, into=into, by=a_user(Role.EDITOR))


def rows() -> list[tuple[object, ...]]:
    """Everything that is said of actors, but for when it was said."""
    fields = [f.attname for f in Actor._meta.concrete_fields if f.name != "updated_at"]
    return list(Actor.objects.order_by("pk").values_list(*fields))


# --- the action ---------------------------------------------------------------------------------


def test_merging_says_where_the_actor_went_and_undoing_restores_exactly() -> None:
    obi, other = an_actor("Adaeze Obi", wikidata_id="Q1"), an_actor("A. Obi", is_public=False)
    before = rows()
    merge = merged(obi, other)
    obi.refresh_from_db()
    other.refresh_from_db()
    assert (obi.merged_into, other.is_public, merge.made_public) == (other, True, True)
    undone = unmerge_actor(actor=obi, by=a_user(Role.EDITOR))
    assert rows() == before
    assert (undone.undone_at is None, undone.pk) == (False, merge.pk)


def test_a_merge_leaves_its_history() -> None:
    obi, other = an_actor(), an_actor("A. Obi")
    by = a_user(Role.EDITOR)
    merge_actors(actor=obi, into=other, by=by)
    event = obi.events.latest("pgh_id")
    assert (event.merged_into_id, event.pgh_context) == (other.pk, {"user": by.pk, "action": "merge_actors"})


def test_what_a_published_record_names_meanwhile_stays_public() -> None:
    obi, other = an_actor(), an_actor("A. Obi", is_public=False)
    merged(obi, other)
    a_publication(claim={"speaker": other.pk}, threat={"issuer": other.pk})
    unmerge_actor(actor=obi, by=a_user(Role.EDITOR))
    other.refresh_from_db()
    assert other.is_public is True


def test_an_actor_is_merged_once_and_into_one_that_stands() -> None:
    first, second, third = (an_actor(name) for name in ("A", "B", "C"))
    with pytest.raises(RuleBroken, match="the same actor"):
        merged(first, first)
    merged(first, second)
    with pytest.raises(RuleBroken, match="A was merged into B before"):
        merged(first, third)
    with pytest.raises(RuleBroken, match="A was merged into B before"):
        merged(third, first)
    with pytest.raises(RuleBroken, match="not merged"):
        unmerge_actor(actor=third, by=a_user(Role.EDITOR))


def test_chains_lead_to_their_end_and_come_apart_in_the_middle() -> None:
    first, second, third = (an_actor(name) for name in ("A", "B", "C"))
    merged(first, second)
    merged(second, third)
    assert where_merged_went([first.pk, second.pk, third.pk]) == {first.pk: third.pk, second.pk: third.pk}
    assert families_of([first.pk]) == families_of([third.pk]) == [first.pk, second.pk, third.pk]
    second.refresh_from_db()
    unmerge_actor(actor=second, by=a_user(Role.EDITOR))
    assert (families_of([first.pk]), families_of([third.pk])) == ([first.pk, second.pk], [third.pk])


# --- circles, refused by the database -----------------------------------------------------------


def refused(sql: str, *sent: object) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, sent)
    return str(error.value.__cause__.diag.constraint_name)


def test_no_circle_is_closed_by_any_sql() -> None:
    first, second, third = (an_actor(name).pk for name in ("A", "B", "C"))
    update = "UPDATE actors_actor SET merged_into_id = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(update, [second, first])
        cursor.execute(update, [third, second])
    assert refused(update, first, third) == "actor_merged_in_no_circle"
    assert refused(update, third, third) == "actor_merged_in_no_circle"


def test_no_circle_is_closed_in_one_statement() -> None:
    first, second = an_actor("A").pk, an_actor("B").pk
    swap = "UPDATE actors_actor SET merged_into_id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)"
    assert refused(swap, first, second, first, first, second) == "actor_merged_in_no_circle"


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_the_same_moment_one_is_refused() -> None:
    first, second = an_actor("A"), an_actor("B")
    gate, outcomes = Barrier(2), []

    def merge(actor: Actor, into: Actor) -> None:
        gate.wait()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE actors_actor SET merged_into_id = %s WHERE id = %s", [into.pk, actor.pk])
            outcomes.append("merged")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=merge, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["merged", "refused"]


# --- who is found under whom --------------------------------------------------------------------


def test_a_name_of_a_merged_actor_names_where_it_went() -> None:
    a_codebook()
    obi, other = create_actor(name="Adaeze Obi", kind="person", by=None), an_actor("A. Obi")
    merged(obi, other)
    assert actor_named(name="adaeze obi", kind="person", by=a_user()) == other


def test_the_lists_find_the_other_by_the_merged_name(client: Client) -> None:
    a_codebook()
    obi, other, far = an_actor(), an_actor("The Minister"), an_actor("Minister of Straits")
    merged(obi, other)
    merged(other, far)
    client.force_login(a_user())
    page = client.get("/actors/?q=obi").content.decode()
    assert re.findall(r'class="list-link"[^>]*>([^<]*)<', page) == ["Minister of Straits"]
    assert Api().get("actors/", q="obi").ids == [obi.pk, other.pk, far.pk]


def test_published_records_keep_their_actor_and_are_found_by_either() -> None:
    made, into = a_publication(), an_actor("The Minister")
    before = Api().get("statements/").content
    merged(Actor.objects.get(pk=made.speaker), into)
    assert Api().get("statements/").content == before
    for actor in (made.speaker, into.pk):
        assert Api().get("statements/", speaker=actor).ids == [str(made.statement.public_id)]
        assert Api().get("threats/", issuer=actor).ids == [str(made.threat.public_id)]
        assert Api().get("statements/", actor=actor).ids == [str(made.statement.public_id)]


def test_records_are_found_by_the_country_of_where_their_actor_went() -> None:
    made = a_publication()
    merged(Actor.objects.get(pk=made.speaker), an_actor("The Minister", country="NGA"))
    assert Api().get("statements/", country="NGA").ids == [str(made.statement.public_id)]


def test_the_page_of_the_other_shows_what_was_said_under_the_merged_name(client: Client) -> None:
    made, into = a_publication(), an_actor("The Minister")
    merged(Actor.objects.get(pk=made.speaker), into)
    client.force_login(a_user())
    page = client.get(f"/actors/{into.pk}/").content.decode()
    assert "1 statement ·" in " ".join(page.split())
    assert f'href="/actors/{made.speaker}/"' in page


def test_a_record_that_names_a_merged_actor_can_be_changed_otherwise_and_undone() -> None:
    obi, other = an_actor(), an_actor("The Minister")
    mention = a_mention(a_reading(), actor=obi.pk)
    by = mention.created_by
    merged(obi, other)
    change_annotation(annotation=mention, claim={"certainty": "high"}, by=by)
    change_annotation(annotation=mention, claim={"actor": other.pk}, by=by)
    with pytest.raises(RuleBroken, match="was merged into The Minister"):
        change_annotation(annotation=mention, claim={"actor": obi.pk}, by=by)
    undo(reading=mention.reading, by=by)
    mention.refresh_from_db()
    assert (mention.mention.actor_id, mention.certainty) == (obi.pk, "high")


# --- the preview and the pages ------------------------------------------------------------------


def test_a_move_is_told_before_it_is_made() -> None:
    obi = create_actor(name="Adaeze Obi", kind="person", by=None) if a_codebook() else an_actor()
    Actor.objects.filter(pk=obi.pk).update(wikidata_id="Q1", country="NGA", cow_code=475)
    obi.refresh_from_db()
    other = an_actor("Obi", kind="state", wikidata_id="Q2")
    reading = a_reading()
    a_mention(reading, actor=obi.pk)
    statement = a_statement(reading, speaker=obi.pk, addressees=[obi.pk])
    a_threat(reading, statement, harm_targets=[obi.pk])
    move = move_of(obi, other)
    assert move.counts == [("mentions", 1), ("statements", 1), ("threats", 1), ("offices", 0), ("memberships", 0)]
    assert move.names == ["Adaeze Obi"]
    assert move.conflicts == [Conflict("Kind", "Person", "State"), Conflict("Wikidata", "Q1", "Q2")]
    assert move.kept == [("Belongs to", "NGA"), ("Correlates of War", "475")]


@pytest.fixture
def editor(client: Client) -> Client:
    a_codebook()
    client.force_login(a_user(Role.EDITOR))
    return client


def test_an_editor_chooses_looks_merges_and_takes_back(editor: Client) -> None:
    obi, other = an_actor(), an_actor("Adaeze Obi-Two")
    choice = editor.get(f"/actors/{obi.pk}/merge/").content.decode()
    assert re.findall(r'href="(/actors/\d+/merge/\?into=\d+)"', choice) == [f"/actors/{obi.pk}/merge/?into={other.pk}"]
    assert "Found under" in editor.get(f"/actors/{obi.pk}/merge/?into={other.pk}").content.decode()
    done = editor.post(f"/actors/{obi.pk}/merge/", {"into": other.pk})
    assert (done.status_code, done.headers["Location"]) == (302, f"/actors/{other.pk}/")
    assert "Undo the merge" in editor.get(f"/actors/{obi.pk}/").content.decode()
    assert editor.post(f"/actors/{obi.pk}/unmerge/").headers["Location"] == f"/actors/{obi.pk}/"
    obi.refresh_from_db()
    assert obi.merged_into is None


def html_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_person_is_merged_into_a_state_only_when_that_is_said_to_be_meant(editor: Client) -> None:
    obi, state = an_actor("Obi"), an_actor("Nigeria", kind="state")
    url, warning = f"/actors/{obi.pk}/merge/", "They are of different kinds"
    looked_at = html_of(editor.get(f"{url}?into={state.pk}"))
    assert (warning in looked_at, 'name="is_across_kinds" required' in looked_at) == (True, True)
    assert looked_at.index(warning) > looked_at.index("Found under")  # it stands at the button, not above the page
    refused = editor.post(url, {"into": state.pk})
    said = re.search(r'aria-describedby="across-why across-error".*<div id="across-error".*?</div>', html_of(refused))
    assert (refused.status_code, "say that they are one all the same" in said[0]) == (422, True)
    assert Merge.objects.count() == 0
    editor.post(url, {"into": state.pk, "is_across_kinds": "on"})
    assert Merge.objects.get().into == state


def test_actors_of_one_kind_are_merged_without_a_warning(editor: Client) -> None:
    obi, other = an_actor(), an_actor("A. Obi")
    looked_at = editor.get(f"/actors/{obi.pk}/merge/?into={other.pk}").content.decode()
    assert ("different kinds" in looked_at, "is_across_kinds" in looked_at) == (False, False)


def test_what_cannot_be_merged_is_said(editor: Client) -> None:
    obi = an_actor()
    answer = editor.post(f"/actors/{obi.pk}/merge/", {"into": obi.pk})
    assert (answer.status_code, "the same actor" in answer.content.decode()) == (422, True)
    assert editor.post(f"/actors/{obi.pk}/merge/", {"into": "nobody"}).status_code == 422
    assert editor.get(f"/actors/{obi.pk}/merge/?into=9999999").status_code == 404
    assert editor.post(f"/actors/{obi.pk}/unmerge/").status_code == 302
    assert Merge.objects.count() == 0


@pytest.mark.parametrize("path", ["merge", "unmerge"])
def test_only_editors_merge(client: Client, path: str) -> None:
    obi = an_actor()
    assert client.post(f"/actors/{obi.pk}/{path}/").status_code == 302
    client.force_login(a_user())
    assert client.post(f"/actors/{obi.pk}/{path}/").status_code == 403
    assert "/merge/" not in client.get(f"/actors/{obi.pk}/").content.decode()
    client.force_login(a_user(Role.EDITOR))
    assert client.post(f"/actors/999999/{path}/").status_code == 404
    assert client.delete(f"/actors/{obi.pk}/{path}/").status_code == 405
    assert client.get(f"/actors/{obi.pk}/unmerge/").status_code == 405
