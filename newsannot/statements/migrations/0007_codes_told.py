"""Which codes a statement holds, for a reading that goes on to another codebook."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION statement_codes(annotation bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('quotation-mode', mode, 'attribution-type', attribution_type, 'speech-act', speech_act,
                            'admiralty-credibility', credibility)
  FROM statements_statement WHERE annotation_ptr_id = annotation
$$;
"""


class Migration(migrations.Migration):
    """A function, called by reading_codes_must_exist."""

    dependencies = [("statements", "0006_never_truncated")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION statement_codes(bigint)")]
