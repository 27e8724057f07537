"""Has each statement that is published compared with those before it, also those published before anybody compared."""

from django.db import migrations

WATCH = """
CREATE FUNCTION statements_wording_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO statements_wording (statement_id, words, is_due) VALUES (NEW.id, '', true)
    ON CONFLICT (statement_id) DO UPDATE SET is_due = true;
    RETURN NULL;
END $$;
CREATE TRIGGER wording_of_published AFTER UPDATE OF is_published ON annotations_annotation
FOR EACH ROW WHEN (NEW.is_published AND NOT OLD.is_published AND NEW.kind = 'statement')
EXECUTE FUNCTION statements_wording_of_published();
"""
UNWATCH = """
DROP TRIGGER wording_of_published ON annotations_annotation; DROP FUNCTION statements_wording_of_published();
"""
PUBLISHED = """
INSERT INTO statements_wording (statement_id, words, is_due)
SELECT id, '', true FROM annotations_annotation WHERE kind = 'statement' AND is_published
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0013_tally_index"), ("statements", "0008_utterances")]
    operations = [
        migrations.RunSQL(WATCH, UNWATCH),
        migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop),
    ]
