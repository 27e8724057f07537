"""What the triggers of readings, annotations and spans call."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION reading_must_be_open(reading bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF (SELECT state FROM annotations_reading WHERE id = reading) NOT IN ('open', 'returned', 'withdrawn') THEN
    RAISE EXCEPTION 'the reading is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'reading_open';
  END IF;
END $$;

CREATE FUNCTION codes_must_exist(reading bigint, pairs jsonb) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
  lacking text := codebook_lacks((SELECT codebook_id FROM annotations_reading WHERE id = reading), pairs);
BEGIN
  IF lacking IS NOT NULL THEN
    RAISE EXCEPTION 'not in the codebook: %', lacking USING ERRCODE = 'check_violation', CONSTRAINT = 'codes_known';
  END IF;
END $$;

CREATE FUNCTION span_must_hold(annotation bigint, role text, first int, last int, exact text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
-- Answers the reading's id. Offsets are code points, 0-based, half-open.
DECLARE
  it record;
BEGIN
  SELECT a.reading_id, a.kind, r.state, r.revision_id, v.length,
         CASE WHEN first >= 0 AND last <= v.length AND first < last
              THEN substr(v.text, first + 1, last - first) END AS standing
  INTO it
  FROM annotations_annotation a
  JOIN annotations_reading r ON r.id = a.reading_id
  JOIN articles_revision v ON v.id = r.revision_id
  WHERE a.id = annotation;
  IF it.state NOT IN ('open', 'returned', 'withdrawn') THEN
    RAISE EXCEPTION 'the reading is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'reading_open';
  END IF;
  IF it.standing IS NULL THEN
    RAISE EXCEPTION 'span % to % is empty or leaves the text of % code points', first, last, it.length
      USING ERRCODE = 'check_violation', CONSTRAINT = 'span_within_text';
  END IF;
  IF it.standing <> exact THEN
    RAISE EXCEPTION 'span % to % is not the text there', first, last
      USING ERRCODE = 'check_violation', CONSTRAINT = 'span_is_text';
  END IF;
  IF NOT role = ANY (CASE it.kind
      WHEN 'mention' THEN ARRAY['text']
      WHEN 'statement' THEN ARRAY['source', 'cue', 'content']
      WHEN 'threat' THEN ARRAY['reference', 'condition', 'demand', 'consequence', 'deadline'] END) THEN
    RAISE EXCEPTION 'a % has no role %', it.kind, role
      USING ERRCODE = 'check_violation', CONSTRAINT = 'span_role_known';
  END IF;
  IF EXISTS (SELECT 1 FROM articles_zone z WHERE z.revision_id = it.revision_id AND NOT z.is_codable
             AND int4range(z.start, z."end") && int4range(first, last)) THEN
    RAISE EXCEPTION 'span % to % lies in text that is not coded', first, last
      USING ERRCODE = 'check_violation', CONSTRAINT = 'span_codable';
  END IF;
  RETURN it.reading_id;
END $$;

CREATE FUNCTION annotation_must_hold(annotation bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
-- Hands on to <kind>_must_hold, which the kind's own room defines.
DECLARE
  it record;
BEGIN
  SELECT kind, deleted_at INTO it FROM annotations_annotation WHERE id = annotation;
  IF FOUND AND it.deleted_at IS NULL THEN
    EXECUTE format('SELECT %I($1)', it.kind || '_must_hold') USING annotation;
  END IF;
END $$;

CREATE FUNCTION mention_must_hold(annotation bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM annotations_span WHERE annotation_id = annotation AND role = 'text') THEN
    RAISE EXCEPTION 'a mention has no text' USING ERRCODE = 'check_violation', CONSTRAINT = 'mention_has_text';
  END IF;
END $$;
"""
DROP = """
DROP FUNCTION mention_must_hold(bigint); DROP FUNCTION annotation_must_hold(bigint);
DROP FUNCTION span_must_hold(bigint, text, int, int, text); DROP FUNCTION codes_must_exist(bigint, jsonb);
DROP FUNCTION reading_must_be_open(bigint);
"""


class Migration(migrations.Migration):
    """Functions; the triggers of 0001 find them by name when they fire."""

    dependencies = [("annotations", "0001_initial"), ("codebook", "0002_sql")]
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
