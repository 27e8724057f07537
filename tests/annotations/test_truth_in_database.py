"""Each rule of the model, broken by raw SQL: the database itself must refuse."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from newsannot.accounts.models import Role
from newsannot.annotations.actions import delete_annotation, submit_reading
from newsannot.annotations.models import Annotation, Reading, Transition
from newsannot.dataset.actions import publish_reading
from newsannot.review.actions import accept_reading
from tests.factories import TEXT, a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db

REFUSED = (IntegrityError, ProgrammingError)


def run(sql: str, *values: object) -> None:
    """Run SQL and have the deferred rules checked, as COMMIT would."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(words: str, sql: str, *values: object) -> None:
    """The SQL is refused, and the message says why."""
    with pytest.raises(REFUSED, match=words):
        run(sql, *values)


SPAN = (
    'INSERT INTO annotations_span (annotation_id, reading_id, role, start, "end", exact, prefix, suffix)'
    " VALUES (%s, %s, %s, %s, %s, %s, '', '')"
)


@pytest.mark.parametrize(
    ("start", "end", "exact", "words"),
    [
        (0, 8, "Monister", "is not the text there"),
        (0, 9, "Minister", "is not the text there"),
        (3, 3, "", "is empty or leaves the text"),
        (8, 0, "Minister", "is empty or leaves the text"),
        (-1, 8, "Minister", "is empty or leaves the text"),
        (0, len(TEXT) + 1, TEXT, "is empty or leaves the text"),
        (TEXT.index("About"), len(TEXT), TEXT[TEXT.index("About") :], "not coded"),
        (TEXT.index("About") - 2, TEXT.index("About") + 1, TEXT[TEXT.index("About") - 2 :][:3], "not coded"),
    ],
)
def test_a_span_that_does_not_hold_is_refused(start: int, end: int, exact: str, words: str) -> None:
    statement = a_statement(a_reading())
    refused(words, SPAN, statement.pk, statement.reading_id, "content", start, end, exact)


def test_a_span_cannot_be_moved_off_its_text() -> None:
    span = a_mention(a_reading()).spans.get()
    refused("is not the text there", "UPDATE annotations_span SET start = start + 1 WHERE id = %s", span.pk)


def test_a_span_belongs_to_its_annotations_reading_whatever_was_sent() -> None:
    mention, other = a_mention(a_reading()), a_reading()
    run("UPDATE annotations_span SET reading_id = %s WHERE annotation_id = %s", other.pk, mention.pk)
    assert mention.spans.get().reading_id == mention.reading_id


def test_a_role_belongs_to_its_kind() -> None:
    mention = a_mention(a_reading())
    refused("has no role demand", SPAN, mention.pk, mention.reading_id, "demand", 0, 8, "Minister")


@pytest.mark.parametrize("role", ["cue", "source"])
def test_cue_and_source_are_one_stretch_each(role: str) -> None:
    statement = a_statement(a_reading())
    refused("span_role_single", SPAN, statement.pk, statement.reading_id, role, 0, 8, "Minister")


def test_content_cue_and_source_never_overlap() -> None:
    statement = a_statement(a_reading())
    at = TEXT.index("said")
    refused("span_roles_never_overlap", SPAN, statement.pk, statement.reading_id, "content", at, at + 4, "said")


def test_a_mention_keeps_its_text() -> None:
    mention = a_mention(a_reading())
    refused("a mention has no text", "DELETE FROM annotations_span WHERE annotation_id = %s", mention.pk)


def test_a_statement_keeps_its_content() -> None:
    statement = a_statement(a_reading())
    refused(
        "a statement has no content",
        "DELETE FROM annotations_span WHERE annotation_id = %s AND role = 'content'",
        statement.pk,
    )


def test_a_threat_keeps_its_evidence() -> None:
    threat = a_threat(a_reading())
    refused("neither a span nor a statement", "DELETE FROM annotations_span WHERE annotation_id = %s", threat.pk)


@pytest.mark.parametrize("purpose", ["compellent", "both"])
def test_a_compellent_threat_has_a_demand(purpose: str) -> None:
    threat = a_threat(a_reading())
    refused(
        "a compellent threat has a demand",
        "UPDATE threats_threat SET purpose = %s WHERE annotation_ptr_id = %s",
        purpose,
        threat.pk,
    )


def test_a_threats_statements_share_its_reading() -> None:
    threat, elsewhere = a_threat(a_reading()), a_statement(a_reading())
    refused(
        "share a reading",
        "INSERT INTO threats_expression (threat_id, statement_id, is_primary) VALUES (%s, %s, true)",
        threat.pk,
        elsewhere.pk,
    )


def test_a_threat_with_statements_has_one_primary() -> None:
    reading = a_reading()
    threat = a_threat(reading, a_statement(reading))
    refused("the primary one", "UPDATE threats_expression SET is_primary = false WHERE threat_id = %s", threat.pk)
    second = a_statement(reading)
    refused(
        "expression_one_primary",
        "INSERT INTO threats_expression (threat_id, statement_id, is_primary) VALUES (%s, %s, true)",
        threat.pk,
        second.pk,
    )


def test_nested_statements_share_a_reading_and_make_no_circle() -> None:
    reading = a_reading()
    inner, outer, elsewhere = a_statement(reading), a_statement(reading), a_statement(a_reading())
    nest = "UPDATE statements_statement SET parent_id = %s WHERE annotation_ptr_id = %s"
    refused("share a reading", nest, elsewhere.pk, inner.pk)
    run(nest, outer.pk, inner.pk)
    refused("nested in itself", nest, inner.pk, outer.pk)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("statements_statement", "speech_act"),
        ("statements_statement", "mode"),
        ("statements_statement", "attribution_type"),
        ("statements_statement", "credibility"),
    ],
)
def test_a_code_outside_the_codebook_is_refused(table: str, column: str) -> None:
    statement = a_statement(a_reading())
    refused(
        "not in the codebook", f"UPDATE {table} SET {column} = 'nonsense' WHERE annotation_ptr_id = %s", statement.pk
    )


@pytest.mark.parametrize(
    "assignment",
    ["cameo = '999'", "plover_contexts = '{military,nonsense}'", "consequence = 'weather'", "mid_action = 'x'"],
)
def test_a_threats_codes_are_in_the_codebook(assignment: str) -> None:
    threat = a_threat(a_reading())
    refused("not in the codebook", f"UPDATE threats_threat SET {assignment} WHERE annotation_ptr_id = %s", threat.pk)


def closed() -> Reading:
    """A submitted reading with one record of each kind."""
    reading = a_reading()
    a_mention(reading)
    a_threat(reading, a_statement(reading, addressees=[an_actor().pk]), harm_targets=[an_actor("Harm").pk])
    return submit_reading(reading=reading, by=reading.reader)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE annotations_annotation SET note = 'x' WHERE reading_id = %s",
        "UPDATE annotations_annotation SET deleted_at = now() WHERE reading_id = %s",
        "UPDATE annotations_span SET prefix = 'x' WHERE reading_id = %s",
        "DELETE FROM annotations_span WHERE reading_id = %s",
        "UPDATE annotations_mention m SET form = 'name' FROM annotations_annotation a"
        " WHERE a.id = m.annotation_ptr_id AND a.reading_id = %s",
        "UPDATE statements_statement s SET venue = 'x' FROM annotations_annotation a"
        " WHERE a.id = s.annotation_ptr_id AND a.reading_id = %s",
        "UPDATE threats_threat t SET deadline = '2025' FROM annotations_annotation a"
        " WHERE a.id = t.annotation_ptr_id AND a.reading_id = %s",
        "DELETE FROM threats_harmtarget h USING annotations_annotation a"
        " WHERE a.id = h.threat_id AND a.reading_id = %s",
        "DELETE FROM threats_expression e USING annotations_annotation a"
        " WHERE a.id = e.threat_id AND a.reading_id = %s",
        "DELETE FROM statements_addressee s USING annotations_annotation a"
        " WHERE a.id = s.statement_id AND a.reading_id = %s",
    ],
)
def test_nothing_in_a_closed_reading_changes(sql: str) -> None:
    refused("the reading is closed", sql, closed().pk)


def test_nothing_is_added_to_a_closed_reading() -> None:
    reading = closed()
    refused(
        "the reading is closed",
        "INSERT INTO annotations_annotation (public_id, reading_id, kind, certainty, note, origin, engine, version,"
        " is_published, created_at, updated_at)"
        " VALUES (%s, %s, 'mention', '', '', 'person', '', 1, false, now(), now())",
        uuid.uuid4(),
        reading.pk,
    )


def curated() -> Reading:
    """An open curated reading with one record of each kind."""
    return accept_reading(reading=closed(), by=a_user(Role.EDITOR))


def published() -> Reading:
    """The same, published."""
    return publish_reading(revision=curated().revision, by=a_user(Role.EDITOR))


def test_records_are_published_in_a_published_reading_only() -> None:
    publish = "UPDATE annotations_annotation SET is_published = true WHERE reading_id = %s"
    refused("published in a published reading only", publish, closed().pk)
    refused("published in a published reading only", publish, curated().pk)


def test_a_reading_is_withdrawn_with_its_records_only() -> None:
    reading = published()
    withdraw = "UPDATE annotations_reading SET state = 'withdrawn' WHERE id = %s"
    refused("published in a published reading only", withdraw, reading.pk)
    with transaction.atomic():
        Annotation.objects.filter(reading=reading).update(is_published=False)
        run(withdraw, reading.pk)


def test_a_reading_never_changes_its_revision_or_its_reader() -> None:
    reading, other = a_reading(), a_revision()
    refused("Cannot update", "UPDATE annotations_reading SET reader_id = null WHERE id = %s", reading.pk)
    refused("Cannot update", "UPDATE annotations_reading SET revision_id = %s WHERE id = %s", other.pk, reading.pk)


def test_only_publication_touches_a_closed_readings_annotations() -> None:
    reading = published()
    refused(
        "the reading is closed",
        "UPDATE annotations_annotation SET is_published = false, note = 'x' WHERE reading_id = %s",
        reading.pk,
    )


@pytest.mark.parametrize(
    ("table", "column"),
    [("articles_revision", "number"), ("annotations_transition", "comment"), ("codebook_code", "code")],
)
def test_append_only_tables_refuse_updates_and_deletes(table: str, column: str) -> None:
    closed()
    refused("Cannot", f"UPDATE {table} SET {column} = {column}")
    refused("Cannot", f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ["annotations_annotationevent", "annotations_spanevent", "threats_expressionevent"])
def test_history_is_append_only(table: str) -> None:
    closed()
    refused("Cannot", f"UPDATE {table} SET pgh_label = 'x'")
    refused("Cannot", f"DELETE FROM {table}")


def kept_tables() -> list[str]:
    """The tables of this database that refuse DELETE or are histories."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger_append_only%' OR tgname LIKE 'pgtrigger_never_deleted%' ORDER BY 1"
        )
        return [table for (table,) in cursor.fetchall()]


def test_what_is_kept_for_good_is_not_truncated_either() -> None:
    closed()
    run("SET LOCAL newsannot.may_truncate = off")
    tables = kept_tables()
    assert {"articles_revision", "annotations_transition", "annotations_spanevent", "threats_threatevent"} < {*tables}
    for table in tables:
        refused("is kept for good", f"TRUNCATE {table} CASCADE")
    refused("is kept for good", "TRUNCATE articles_article CASCADE")
    assert Transition.objects.count() > 0


def test_annotations_and_readings_are_never_deleted_for_good() -> None:
    mention = a_mention(a_reading())
    refused("Cannot delete", "DELETE FROM annotations_annotation WHERE id = %s", mention.pk)
    refused("Cannot delete", "DELETE FROM annotations_reading WHERE id = %s", mention.reading_id)


def test_an_annotation_never_changes_reading_or_kind() -> None:
    mention, other = a_mention(a_reading()), a_reading()
    refused("Cannot update", "UPDATE annotations_annotation SET reading_id = %s WHERE id = %s", other.pk, mention.pk)
    refused("Cannot update", "UPDATE annotations_annotation SET kind = 'threat' WHERE id = %s", mention.pk)


def test_a_deleted_record_needs_no_evidence_and_a_restored_one_does() -> None:
    mention = a_mention(a_reading())
    delete_annotation(annotation=mention, by=mention.reading.reader)
    run("DELETE FROM annotations_span WHERE annotation_id = %s", mention.pk)
    refused("has no text", "UPDATE annotations_annotation SET deleted_at = null WHERE id = %s", mention.pk)


@pytest.mark.parametrize(
    ("first", "then"), [("open", "accepted"), ("open", "returned"), ("submitted", "open"), ("accepted", "submitted")]
)
def test_states_move_only_along_their_paths(first: str, then: str) -> None:
    reading = a_reading()
    paths = {"submitted": ["submitted"], "accepted": ["submitted", "accepted"], "open": []}
    for state in paths[first]:
        Transition.objects.create(reading=reading, state=state, by=a_user("editor"))
        run("UPDATE annotations_reading SET state = %s WHERE id = %s", state, reading.pk)
    refused("Invalid transition", "UPDATE annotations_reading SET state = %s WHERE id = %s", then, reading.pk)


def test_there_is_one_curated_reading_a_revision_and_one_reading_a_reader() -> None:
    reading = a_reading()
    Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    make = (
        "INSERT INTO annotations_reading (revision_id, reader_id, state, codebook_id, nothing_found, version,"
        " opened_at, updated_at) SELECT revision_id, {reader}, 'open', codebook_id, false, 1, now(), now()"
        " FROM annotations_reading WHERE id = %s"
    )
    refused("reading_one_curated_per_revision", make.format(reader="null"), reading.pk)
    refused("reading_one_per_reader", make.format(reader="reader_id"), reading.pk)


def test_an_analysts_reading_is_never_published() -> None:
    reading = a_reading()
    refused("reading_state_fits_kind", "UPDATE annotations_reading SET state = 'published' WHERE id = %s", reading.pk)


ZONE = 'INSERT INTO articles_zone (revision_id, kind, start, "end", is_codable) VALUES (%s, %s, %s, %s, %s)'


@pytest.mark.parametrize(
    ("kind", "start", "end", "is_codable", "words"),
    [
        ("body", 5, 12, True, "zones_never_overlap"),
        ("body", 12, 12, True, "zone_not_empty"),
        ("boilerplate", 20, 22, True, "zone_boilerplate_not_codable"),
        ("sidebar", 20, 22, True, "zone_kind_known"),
        ("body", 20, 10_000, True, "zone leaves the text"),
    ],
)
def test_zones_hold(kind: str, start: int, end: int, is_codable: bool, words: str) -> None:
    revision = a_revision(zones=[("headline", 0, 10)])
    refused(words, ZONE, revision.pk, kind, start, end, is_codable)


def test_every_actor_a_record_names_is_kept() -> None:
    actor = an_actor()
    a_mention(a_reading(), actor=actor.pk)
    refused("violates foreign key", "DELETE FROM actors_actor WHERE id = %s", actor.pk)


def test_roles_are_known() -> None:
    user = a_user()
    refused("user_role_known", "UPDATE accounts_user SET role = 'king' WHERE id = %s", user.pk)


def test_counting_threats_counts_records() -> None:
    reading = a_reading()
    threat = a_threat(reading)
    assert (threat.spans.count(), Annotation.objects.filter(kind="threat").count()) == (2, 1)
