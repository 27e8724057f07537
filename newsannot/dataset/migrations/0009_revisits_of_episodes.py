"""Asks for another look at a published reading when one of its threats is put to an episode, or out of it."""

from django.db import migrations

WATCH = """
CREATE FUNCTION dataset_revisit_of_threats_occurrence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dataset_revisit (reading_id, due_at)
    SELECT a.reading_id, now() FROM annotations_annotation a
    WHERE a.is_published AND a.id = CASE TG_OP WHEN 'DELETE' THEN OLD.threat_id ELSE NEW.threat_id END
    ON CONFLICT (reading_id) DO UPDATE SET due_at = EXCLUDED.due_at;
    RETURN NULL;
END $$;
CREATE TRIGGER dataset_revisit AFTER INSERT OR DELETE OR UPDATE OF episode_id ON threats_occurrence
FOR EACH ROW EXECUTE FUNCTION dataset_revisit_of_threats_occurrence();
"""
UNWATCH = """
DROP TRIGGER dataset_revisit ON threats_occurrence; DROP FUNCTION dataset_revisit_of_threats_occurrence();
"""


class Migration(migrations.Migration):
    dependencies = [("dataset", "0008_former_secrets"), ("threats", "0007_episodes")]
    operations = [migrations.RunSQL(WATCH, UNWATCH)]
