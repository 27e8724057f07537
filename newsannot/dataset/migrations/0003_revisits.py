"""Asks for another look at published readings when what their records name changes, and at all published before."""

from django.db import migrations

ASK = """
INSERT INTO dataset_revisit (reading_id, due_at)
SELECT g.id, now() FROM annotations_reading g
WHERE g.state = 'published' AND g.id IN ({readings})
ORDER BY g.id
ON CONFLICT (reading_id) DO UPDATE SET due_at = EXCLUDED.due_at
"""
OF_ARTICLES = """
    SELECT g.id FROM annotations_reading g JOIN articles_revision r ON r.id = g.revision_id
    JOIN articles_article a ON a.id = r.article_id WHERE a.{column} = NEW.id
"""
OF_ACTOR = """
    SELECT a.reading_id FROM annotations_annotation a WHERE a.is_published AND a.id IN (
        SELECT annotation_ptr_id FROM annotations_mention WHERE actor_id = NEW.id
        UNION SELECT annotation_ptr_id FROM statements_statement WHERE NEW.id IN (speaker_id, on_behalf_of_id)
        UNION SELECT statement_id FROM statements_addressee WHERE actor_id = NEW.id
        UNION SELECT annotation_ptr_id FROM threats_threat WHERE NEW.id IN (issuer_id, on_behalf_of_id)
        UNION SELECT threat_id FROM threats_harmtarget WHERE actor_id = NEW.id
        UNION SELECT threat_id FROM threats_influencetarget WHERE actor_id = NEW.id
    )
"""
WATCHED = {
    "actors_actor": (("name", "kind", "wikidata_id"), OF_ACTOR),
    "articles_article": (("url", "title", "published_at", "source_id"), OF_ARTICLES.format(column="id")),
    "articles_source": (
        ("name", "domain", "reliability", "excerpt_limit", "embargo_hours"),
        OF_ARTICLES.format(column="source_id"),
    ),
}


def watch(table: str, columns: tuple[str, ...], readings: str) -> str:
    """A trigger that asks for another look at the readings when one of the columns changes."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"""
        CREATE FUNCTION dataset_revisit_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {ASK.format(readings=readings)};
            RETURN NULL;
        END $$;
        CREATE TRIGGER dataset_revisit AFTER UPDATE OF {", ".join(columns)} ON {table}
        FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION dataset_revisit_of_{table}();
    """


def unwatch(table: str) -> str:
    """The reverse."""
    return f"DROP TRIGGER dataset_revisit ON {table}; DROP FUNCTION dataset_revisit_of_{table}();"


PUBLISHED = ASK.format(readings="SELECT id FROM annotations_reading WHERE reader_id IS NULL")


class Migration(migrations.Migration):
    dependencies = [
        ("actors", "0010_vouched_for"),
        ("articles", "0007_never_truncated"),
        ("dataset", "0002_changes"),
        ("statements", "0006_never_truncated"),
        ("threats", "0005_never_truncated"),
    ]
    operations = [
        *(
            migrations.RunSQL(watch(table, columns, readings), unwatch(table))
            for table, (columns, readings) in WATCHED.items()
        ),
        migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop),
    ]
