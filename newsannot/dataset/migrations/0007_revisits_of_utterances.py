"""Asks for another look at a published reading when one of its statements is put to an utterance, or out of it."""

from django.db import migrations

WATCH = """
CREATE FUNCTION dataset_revisit_of_statements_attestation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dataset_revisit (reading_id, due_at)
    SELECT a.reading_id, now() FROM annotations_annotation a
    WHERE a.is_published AND a.id = CASE TG_OP WHEN 'DELETE' THEN OLD.statement_id ELSE NEW.statement_id END
    ON CONFLICT (reading_id) DO UPDATE SET due_at = EXCLUDED.due_at;
    RETURN NULL;
END $$;
CREATE TRIGGER dataset_revisit AFTER INSERT OR DELETE OR UPDATE OF utterance_id ON statements_attestation
FOR EACH ROW EXECUTE FUNCTION dataset_revisit_of_statements_attestation();
"""
UNWATCH = """
DROP TRIGGER dataset_revisit ON statements_attestation; DROP FUNCTION dataset_revisit_of_statements_attestation();
"""


class Migration(migrations.Migration):
    dependencies = [("dataset", "0006_webhooks"), ("statements", "0008_utterances")]
    operations = [migrations.RunSQL(WATCH, UNWATCH)]
