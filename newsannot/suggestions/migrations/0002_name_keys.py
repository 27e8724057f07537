"""An index by which the names that may stand in a text are found: the first letters of their first and last words."""

from django.db import migrations

FUNCTION = r"""
CREATE FUNCTION suggestion_name_key(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(word, CASE WHEN word ~ '[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]' THEN 2
                           WHEN word ~ '[\u0400-\u04ff]' THEN 3 ELSE 40 END)
$$;
CREATE INDEX actor_name_keys ON actors_actorname (
    suggestion_name_key(split_part(name, ' ', 1)), suggestion_name_key(split_part(name, ' ', -1))
);
"""


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0001_initial"), ("actors", "0002_name_index")]
    operations = [migrations.RunSQL(FUNCTION, "DROP INDEX actor_name_keys; DROP FUNCTION suggestion_name_key(text);")]
