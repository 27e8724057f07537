"""Which codes a threat holds, for a reading that goes on to another codebook."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION threat_codes(annotation bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'threat-purpose', purpose, 'threat-consequence', consequence, 'demand-kind', demand_kind,
    'condition-kind', condition_kind, 'explicitness', explicitness, 'nuclear-signal', nuclear_signal,
    'plover-mode', plover_mode, 'plover-context', plover_contexts, 'cameo', cameo, 'mid', mid_action,
    'admiralty-credibility', credibility)
  FROM threats_threat WHERE annotation_ptr_id = annotation
$$;
"""


class Migration(migrations.Migration):
    """A function, called by reading_codes_must_exist."""

    dependencies = [("threats", "0005_never_truncated")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION threat_codes(bigint)")]
