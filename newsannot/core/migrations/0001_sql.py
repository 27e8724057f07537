"""Extensions and the functions of full-text search.

`search_words` makes text ready for the word index in any script: Chinese, Japanese kana and Thai characters, which are
written without spaces, become words each. The parser lower-cases, and takes quotation marks and apostrophes of every
style for spaces, in text and query alike: “Ukraine’s” is found by Ukraine and by Ukraine's.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION search_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT regexp_replace(left($1, 200000), '([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])', ' \1 ', 'g')
$$;
-- Not in SQL, whose functions are inlined and lose their cost: the planner must know that the index is cheaper than this.
CREATE FUNCTION search_vector(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 5000 AS $$
BEGIN
  RETURN to_tsvector('pg_catalog.simple', public.search_words($1));
END $$;
CREATE FUNCTION search_query(text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT plainto_tsquery('pg_catalog.simple', public.search_words($1))
$$;
"""
DROP = """
DROP FUNCTION search_query(text); DROP FUNCTION search_vector(text); DROP FUNCTION search_words(text);
"""


class Migration(migrations.Migration):
    """Extensions first: constraints of later rooms need them."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
