"""Names of plain words are looked for by their first two words side by side: no pairs of a crowd's first and last names."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION suggestion_name_start(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN name ~ '^[A-Za-z]{4,} [A-Za-z]+( [ -~]*)?$'
                THEN lower(left(name, 1)) || substr(split_part(name, ' ', 1), 2) || ' ' || split_part(name, ' ', 2) END
$$;
CREATE INDEX actor_name_starts ON actors_actorname (suggestion_name_start(name))
    WHERE suggestion_name_start(name) IS NOT NULL;
DROP INDEX actor_name_keys;
CREATE INDEX actor_name_keys ON actors_actorname (
    suggestion_name_key(split_part(name, ' ', 1)), suggestion_name_key(split_part(name, ' ', -1))
) WHERE suggestion_name_start(name) IS NULL;
"""
BACKWARDS = """
DROP INDEX actor_name_starts;
DROP INDEX actor_name_keys;
CREATE INDEX actor_name_keys ON actors_actorname (
    suggestion_name_key(split_part(name, ' ', 1)), suggestion_name_key(split_part(name, ' ', -1))
);
DROP FUNCTION suggestion_name_start(text);
"""


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0003_never_truncated"), ("actors", "0002_name_index")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
