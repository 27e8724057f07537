"""The first and the last day that a date in EDTF may be, as text like 2025-09-05, for comparing."""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION edtf_bound(edtf text, month text, day text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  -- Of one date: year, year-month or year-month-day, the rest filled in; a season stands for its year. Else null.
  SELECT p[1] || '-' || CASE WHEN p[2] BETWEEN '01' AND '12' THEN p[2] || '-' || coalesce(p[3], day)
                             ELSE month || '-' || day END
  FROM regexp_match(edtf, '^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?[?~%]?$') AS p
$$;
CREATE FUNCTION edtf_first_day(edtf text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN edtf LIKE '../%' OR edtf LIKE '/%' THEN '0000-01-01'
              ELSE public.edtf_bound(split_part(edtf, '/', 1), '01', '01') END
$$;
CREATE FUNCTION edtf_last_day(edtf text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN edtf LIKE '%/..' OR edtf LIKE '%/' THEN '9999-12-31'
              WHEN edtf LIKE '%/%' THEN public.edtf_bound(split_part(edtf, '/', 2), '12', '31')
              ELSE public.edtf_bound(edtf, '12', '31') END
$$;
"""
DROP = """
DROP FUNCTION edtf_last_day(text); DROP FUNCTION edtf_first_day(text); DROP FUNCTION edtf_bound(text, text, text);
"""


class Migration(migrations.Migration):
    """Functions; the API's filters by date call them."""

    dependencies = [("statements", "0002_sql")]
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
