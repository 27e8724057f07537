"""The check that a code exists in a codebook version."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION codebook_lacks(codebook bigint, pairs jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  -- `pairs`: scheme key → code or array of codes; answers the first pairs the codebook lacks, or null.
  SELECT string_agg(asked.scheme || ': ' || asked.code, ', ')
  FROM (
    SELECT p.key AS scheme, v.code
    FROM jsonb_each(pairs) p,
    LATERAL jsonb_array_elements_text(
      CASE jsonb_typeof(p.value) WHEN 'array' THEN p.value ELSE jsonb_build_array(p.value) END
    ) v(code)
    WHERE v.code <> ''
  ) asked
  WHERE NOT EXISTS (
    SELECT 1 FROM codebook_codebookversion_schemes cs
    JOIN codebook_schemeversion sv ON sv.id = cs.schemeversion_id
    JOIN codebook_scheme s ON s.id = sv.scheme_id AND s.key = asked.scheme
    JOIN codebook_code c ON c.scheme_version_id = sv.id AND c.code = asked.code AND c.retired_in = ''
    WHERE cs.codebookversion_id = codebook
  )
$$;
"""


class Migration(migrations.Migration):
    """A function; rooms above call it in their triggers."""

    dependencies = [("codebook", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION codebook_lacks(bigint, jsonb)")]
