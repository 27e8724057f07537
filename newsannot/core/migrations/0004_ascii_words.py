"""Make ASCII text ready for the word index without looking for scripts written without spaces: there are none in it.

What the function answers stays the same, so that no index is made anew.
"""

from django.db import migrations

WORDS = r"""
CREATE OR REPLACE FUNCTION search_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN octet_length($1) = char_length($1) THEN left($1, 200000)
    ELSE regexp_replace(left($1, 200000), '([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])', ' \1 ', 'g') END
$$
"""
WORDS_BEFORE = r"""
CREATE OR REPLACE FUNCTION search_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT regexp_replace(left($1, 200000), '([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])', ' \1 ', 'g')
$$
"""


class Migration(migrations.Migration):
    """Another body of the same function."""

    dependencies = [("core", "0003_kept_answer_as_text")]
    operations = [migrations.RunSQL(WORDS, WORDS_BEFORE)]
