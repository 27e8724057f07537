"""Episodes: a hundred thousand of them, each of one published threat with a deadline, nearly all with an outcome."""

THREATS = """
WITH reading AS (
    SELECT g.id, g.revision_id, row_number() OVER (ORDER BY g.id) - 1 AS n FROM annotations_reading g
    WHERE g.reader_id IS NULL AND g.state = 'published'
), piece AS (
    SELECT nextval('annotations_annotation_id_seq') AS id, reading.id AS reading_id, v.text, k
    FROM generate_series(1, %(count)s) k JOIN reading ON reading.n = k %% (SELECT count(*) FROM reading)
    JOIN articles_revision v ON v.id = reading.revision_id
), annotation AS (
    INSERT INTO annotations_annotation (id, public_id, reading_id, kind, certainty, note, origin, engine, version,
        is_published, created_at, updated_at)
    SELECT id, gen_random_uuid(), reading_id, 'threat', '', '', 'person', '', 1, true, now(), now() FROM piece
), threat AS (
    INSERT INTO threats_threat (annotation_ptr_id, purpose, consequence, demand_kind, condition_kind, deadline,
        explicitness, nuclear_signal, plover_mode, plover_contexts, cameo, mid_action, credibility)
    SELECT id, '', '', '', '', to_char(date '2020-01-01' + k %% 1000, 'YYYY-MM-DD'), '', '', '', '{}', '', '', ''
    FROM piece
), span AS (
    INSERT INTO annotations_span (annotation_id, reading_id, role, start, "end", exact, prefix, suffix)
    SELECT id, reading_id, 'reference', 10 + k %% 900, 30 + k %% 900, substr(text, 11 + k %% 900, 20), '', '' FROM piece
), deadline AS (
    INSERT INTO threats_deadline (threat_id, falls_on, ask_on, is_settled)
    SELECT id, date '2020-01-01' + k %% 1000, date '2020-01-02' + k %% 1000, k > %(open)s FROM piece
), episode AS (
    INSERT INTO threats_episode (id, canonical_id, version, created_at, updated_at)
    SELECT id, id, 1, now(), now() FROM piece
), occurrence AS (
    INSERT INTO threats_occurrence (episode_id, threat_id) SELECT id, id FROM piece
), step AS (
    INSERT INTO threats_episodestep (id, episode_id, kind, happened_on, note)
    SELECT 2 * id, id, 'issued', '2020-01-01', '' FROM piece
    UNION ALL
    SELECT 2 * id + 1, id, 'lapsed', '2023-01-01', '' FROM piece WHERE k > %(open)s
)
INSERT INTO threats_stepevidence (step_id, annotation_id)
SELECT 2 * id, id FROM piece UNION ALL SELECT 2 * id + 1, id FROM piece WHERE k > %(open)s
"""
WRITTEN = (
    "annotations_annotation",
    "annotations_span",
    "threats_threat",
    "threats_deadline",
    "threats_episode",
    "threats_occurrence",
    "threats_episodestep",
    "threats_stepevidence",
)


def gather(count: int, *, still_open: int) -> None:
    """So many episodes of one threat each; the first few are open, and their deadlines wait to be asked about.

    The threats are of the published readings there are, written past the triggers.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(THREATS, {"count": count, "open": still_open})
        for table in WRITTEN:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SELECT threats_look_whether_open(array_agg(id)) FROM threats_episode")
        cursor.execute("VACUUM ANALYZE")
