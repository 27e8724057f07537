"""What a threat must hold at COMMIT."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION threat_must_hold(annotation bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
  it record;
BEGIN
  SELECT purpose, demand_kind INTO it FROM threats_threat WHERE annotation_ptr_id = annotation;
  IF it.purpose IN ('compellent', 'both') AND it.demand_kind = '' AND NOT EXISTS (
      SELECT 1 FROM annotations_span WHERE annotation_id = annotation AND role = 'demand') THEN
    RAISE EXCEPTION 'a compellent threat has a demand'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'threat_compellent_has_demand';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM annotations_span WHERE annotation_id = annotation)
     AND NOT EXISTS (SELECT 1 FROM threats_expression WHERE threat_id = annotation) THEN
    RAISE EXCEPTION 'a threat has neither a span nor a statement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'threat_has_evidence';
  END IF;
  IF EXISTS (SELECT 1 FROM threats_expression WHERE threat_id = annotation)
     AND NOT EXISTS (SELECT 1 FROM threats_expression WHERE threat_id = annotation AND is_primary) THEN
    RAISE EXCEPTION 'one of a threat''s statements is the primary one'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'threat_has_primary';
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    """A function, called by annotation_must_hold."""

    dependencies = [("threats", "0001_initial"), ("annotations", "0002_sql")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION threat_must_hold(bigint)")]
