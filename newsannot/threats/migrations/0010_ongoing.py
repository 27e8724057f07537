"""Keeps which episodes are open to somebody: those without an outcome, or with one that not everybody may see."""

import django.db.models.deletion
from django.db import migrations, models

LOOK = """
CREATE FUNCTION threats_look_whether_open(asked bigint[]) RETURNS void LANGUAGE sql AS $$
    -- An outcome that rests on a note alone is seen by all; else one published record must be, whatever the hour.
    WITH ended AS (
        SELECT s.episode_id FROM threats_episodestep s
        WHERE s.episode_id = ANY(asked) AND s.kind IN ('complied', 'carried_out', 'withdrawn', 'lapsed') AND (
            NOT EXISTS (SELECT FROM threats_stepevidence e WHERE e.step_id = s.id)
            OR EXISTS (
                SELECT FROM threats_stepevidence e JOIN annotations_annotation a ON a.id = e.annotation_id
                JOIN annotations_reading g ON g.id = a.reading_id JOIN articles_revision r ON r.id = g.revision_id
                JOIN articles_article t ON t.id = r.article_id JOIN articles_source o ON o.id = t.source_id
                WHERE e.step_id = s.id AND a.is_published AND a.deleted_at IS NULL AND coalesce(o.embargo_hours, 0) = 0))
    ), gone AS (
        DELETE FROM threats_ongoing n USING ended d WHERE n.episode_id = d.episode_id
    )
    INSERT INTO threats_ongoing (episode_id)
    SELECT id FROM threats_episode p WHERE p.id = ANY(asked) AND p.id NOT IN (SELECT episode_id FROM ended)
    ON CONFLICT DO NOTHING
$$;
"""
TOLD_BY = """
    SELECT array_agg(DISTINCT s.episode_id) FROM threats_stepevidence e JOIN threats_episodestep s ON s.id = e.step_id
    WHERE e.annotation_id IN ({records})
"""
OF_ARTICLES = """
    SELECT a.id FROM articles_article t JOIN articles_revision r ON r.article_id = t.id
    JOIN annotations_reading g ON g.revision_id = r.id JOIN annotations_annotation a ON a.reading_id = g.id
    WHERE a.is_published AND t.{column} = NEW.id
"""
WATCHED = {
    "threats_episode": ("INSERT", "", "ARRAY[NEW.id]"),
    "threats_episodestep": ("INSERT OR UPDATE OR DELETE", "", "ARRAY[OLD.episode_id, NEW.episode_id]"),
    "threats_stepevidence": (
        "INSERT OR UPDATE OR DELETE",
        "",
        "(SELECT array_agg(episode_id) FROM threats_episodestep WHERE id IN (OLD.step_id, NEW.step_id))",
    ),
    "annotations_annotation": (
        "UPDATE OF is_published, deleted_at",
        "NEW.is_published <> OLD.is_published OR NEW.deleted_at IS DISTINCT FROM OLD.deleted_at",
        f"({TOLD_BY.format(records='NEW.id')})",
    ),
    "articles_article": (
        "UPDATE OF source_id",
        "NEW.source_id <> OLD.source_id",
        f"({TOLD_BY.format(records=OF_ARTICLES.format(column='id'))})",
    ),
    "articles_source": (
        "UPDATE OF embargo_hours",
        "coalesce(NEW.embargo_hours, 0) <> coalesce(OLD.embargo_hours, 0)",
        f"({TOLD_BY.format(records=OF_ARTICLES.format(column='source_id'))})",
    ),
}
WATCH = """
CREATE FUNCTION threats_ongoing_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM threats_look_whether_open({episodes});
    RETURN NULL;
END $$;
CREATE TRIGGER threats_ongoing AFTER {events} ON {table} FOR EACH ROW {when}
EXECUTE FUNCTION threats_ongoing_of_{table}();
"""
UNWATCH = "DROP TRIGGER threats_ongoing ON {table}; DROP FUNCTION threats_ongoing_of_{table}();"
STANDING = "SELECT threats_look_whether_open(array_agg(id)) FROM threats_episode"


def watch(table: str) -> migrations.RunSQL:
    """A trigger that looks again at the episodes a row of the table is about."""
    events, when, episodes = WATCHED[table]
    condition = f"WHEN ({when})" if when else ""
    made = WATCH.format(table=table, events=events, when=condition, episodes=episodes)
    return migrations.RunSQL(made, UNWATCH.format(table=table))


class Migration(migrations.Migration):
    dependencies = [
        ("threats", "0009_deadlines_by_day"),
    ]
    operations = [
        migrations.CreateModel(
            name="Ongoing",
            fields=[
                (
                    "episode",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="threats.episode",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(LOOK, "DROP FUNCTION threats_look_whether_open(bigint[])"),
        *map(watch, WATCHED),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
    ]
