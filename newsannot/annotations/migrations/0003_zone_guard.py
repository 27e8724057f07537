"""Zones cannot be corrected in such a way that annotated text may no longer be coded."""

from django.db import migrations

GUARD = """
CREATE FUNCTION zone_keeps_annotated_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  SELECT s.start, s."end" INTO held
  FROM annotations_reading r
  JOIN annotations_span s ON s.reading_id = r.id
  JOIN annotations_annotation a ON a.id = s.annotation_id AND a.deleted_at IS NULL
  WHERE r.revision_id = NEW.revision_id AND s.start < NEW."end" AND s."end" > NEW.start
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'annotations rest on % to %, so it cannot become text that is not coded', held.start, held."end"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'zone_keeps_annotated_text';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zone_keeps_annotated_text BEFORE INSERT OR UPDATE ON articles_zone
FOR EACH ROW WHEN (NOT NEW.is_codable) EXECUTE FUNCTION zone_keeps_annotated_text();
"""
DROP = """
DROP TRIGGER zone_keeps_annotated_text ON articles_zone; DROP FUNCTION zone_keeps_annotated_text();
"""


class Migration(migrations.Migration):
    """The other side of `span_codable`."""

    dependencies = [("annotations", "0002_sql"), ("articles", "0002_title_search")]
    operations = [migrations.RunSQL(GUARD, DROP)]
