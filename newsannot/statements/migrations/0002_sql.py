"""What a statement must hold at COMMIT."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION statement_must_hold(annotation bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM annotations_span WHERE annotation_id = annotation AND role = 'content') THEN
    RAISE EXCEPTION 'a statement has no content'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_has_content';
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    """A function, called by annotation_must_hold."""

    dependencies = [("statements", "0001_initial"), ("annotations", "0002_sql")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION statement_must_hold(bigint)")]
