"""Checks of a record that cost less: codes only where some are given, the rules of its kind called by name."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

MUST_HOLD = """
CREATE OR REPLACE FUNCTION annotation_must_hold(annotation bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
-- Hands on to <kind>_must_hold, which the kind's own room defines. By name: what is put together is planned each time.
DECLARE
  it record;
BEGIN
  SELECT kind, deleted_at INTO it FROM annotations_annotation WHERE id = annotation;
  IF FOUND AND it.deleted_at IS NULL THEN
    IF it.kind = 'mention' THEN
      PERFORM mention_must_hold(annotation);
    ELSIF it.kind = 'statement' THEN
      PERFORM statement_must_hold(annotation);
    ELSE
      PERFORM threat_must_hold(annotation);
    END IF;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0007_step_together"),
    ]

    operations = [
        migrations.RunSQL(MUST_HOLD, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="annotation",
            name="codes_known",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="mention",
            name="codes_known",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annotation",
            trigger=pgtrigger.compiler.Trigger(
                name="codes_known",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF translate(concat(NEW.certainty), '{}', '') <> '' THEN\n                PERFORM codes_must_exist(NEW.reading_id, jsonb_build_object('certainty', NEW.certainty));\n            END IF;\n            RETURN NEW;\n        ",
                    hash="969cceee32a7ab784bd54b18952e708aea1830e4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_codes_known_ea5cd",
                    table="annotations_annotation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mention",
            trigger=pgtrigger.compiler.Trigger(
                name="codes_known",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF translate(concat(NEW.form), '{}', '') <> '' THEN\n                PERFORM codes_must_exist((SELECT reading_id FROM annotations_annotation WHERE id = NEW.annotation_ptr_id), jsonb_build_object('mention-form', NEW.form));\n            END IF;\n            RETURN NEW;\n        ",
                    hash="7184ec8725bf4e7b9ed08dd7bbf7a89738374b98",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_codes_known_7feb5",
                    table="annotations_mention",
                    when="BEFORE",
                ),
            ),
        ),
    ]
