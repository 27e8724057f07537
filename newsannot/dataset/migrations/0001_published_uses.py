"""Counts how many published records name each actor, also those published before anybody counted."""

from django.db import migrations

COUNT = """
DELETE FROM actors_actoruse;
INSERT INTO actors_actoruse (actor_id, source_id, count)
SELECT named.actor_id, ar.source_id, count(*)
FROM annotations_annotation a
JOIN annotations_reading g ON g.id = a.reading_id
JOIN articles_revision r ON r.id = g.revision_id
JOIN articles_article ar ON ar.id = r.article_id,
LATERAL (
    SELECT actor_id FROM annotations_mention WHERE annotation_ptr_id = a.id
    UNION SELECT speaker_id FROM statements_statement WHERE annotation_ptr_id = a.id
    UNION SELECT on_behalf_of_id FROM statements_statement WHERE annotation_ptr_id = a.id
    UNION SELECT actor_id FROM statements_addressee WHERE statement_id = a.id
    UNION SELECT issuer_id FROM threats_threat WHERE annotation_ptr_id = a.id
    UNION SELECT on_behalf_of_id FROM threats_threat WHERE annotation_ptr_id = a.id
    UNION SELECT actor_id FROM threats_harmtarget WHERE threat_id = a.id
    UNION SELECT actor_id FROM threats_influencetarget WHERE threat_id = a.id
) AS named(actor_id)
WHERE a.is_published AND named.actor_id IS NOT NULL
GROUP BY GROUPING SETS ((named.actor_id, ar.source_id), (named.actor_id));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actors", "0010_vouched_for"),
        ("annotations", "0011_bin_index"),
        ("articles", "0007_never_truncated"),
        ("statements", "0006_never_truncated"),
        ("threats", "0005_never_truncated"),
    ]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
