"""Nobody accepts their own reading: the database refuses it at COMMIT, whoever sends the SQL."""

from django.db import migrations

CREATE = """
CREATE FUNCTION reading_accepted_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  accepted_by bigint;
BEGIN
  SELECT t.by_id INTO accepted_by FROM annotations_transition t
  WHERE t.reading_id = NEW.id AND t.state = 'accepted' ORDER BY t.id DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody is said to have accepted this reading'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reading_accepted_by_somebody';
  END IF;
  IF accepted_by = NEW.reader_id THEN
    RAISE EXCEPTION 'nobody accepts their own reading'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reading_accepted_by_another';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER reading_accepted_by_another AFTER INSERT OR UPDATE OF state ON annotations_reading
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'accepted')
EXECUTE FUNCTION reading_accepted_by_another();
"""
DROP = """
DROP TRIGGER reading_accepted_by_another ON annotations_reading;
DROP FUNCTION reading_accepted_by_another();
"""


class Migration(migrations.Migration):
    """A trigger across the tables of readings and transitions."""

    initial = True
    dependencies = [("annotations", "0002_sql")]
    operations = [migrations.RunSQL(CREATE, DROP)]
