"""The feed of changes: publishing many records in one action, and pages at any depth of a long feed."""

import time

CHANGES = """
    INSERT INTO dataset_change (seq, kind, record, version, action, snapshot, sha256, at)
    SELECT m.last + n, c.kind, gen_random_uuid()::text, 1, 'publish', c.snapshot, c.sha256, now()
    FROM (SELECT max(seq) AS last FROM dataset_change) m, generate_series(1, %(count)s) AS n
    JOIN dataset_change c ON c.seq = 1 + n %% 1000
"""


def publish(count: int) -> float:
    """Seconds that publishing a reading of so many records takes."""
    from benchmarks import seed
    from newsannot.accounts.models import Role, User
    from newsannot.annotations.actions import open_reading, submit_reading
    from newsannot.dataset.actions import publish_reading
    from newsannot.review.actions import accept_reading

    by = seed.keeper()
    editor = User.objects.create_user(username="publisher", role=Role.EDITOR)
    reading = open_reading(revision=seed.an_article(900_010, 5_000, by).current_revision, by=by)
    seed.fill_with_mentions(reading, count)
    submit_reading(reading=reading, by=by)
    accept_reading(reading=reading, by=editor)
    began = time.perf_counter()
    publish_reading(revision=reading.revision, by=editor)
    return time.perf_counter() - began


def lengthen(count: int) -> None:
    """Repeat the first thousand changes so many times more, past the trigger that numbers them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dataset_change DISABLE TRIGGER USER")
        cursor.execute(CHANGES, {"count": count})
        cursor.execute("ALTER TABLE dataset_change ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE dataset_change")
