"""Where records name actors. The rooms above read actors, not the other way round: their tables are named here alone.

SQL, so that nothing of those rooms is imported; it only counts and looks up.
"""

from collections.abc import Mapping

NAMING: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mentions": {"annotations_mention.annotation_ptr_id": ("actor_id",)},
    "statements": {
        "statements_statement.annotation_ptr_id": ("speaker_id", "on_behalf_of_id"),
        "statements_addressee.statement_id": ("actor_id",),
    },
    "threats": {
        "threats_threat.annotation_ptr_id": ("issuer_id", "on_behalf_of_id"),
        "threats_harmtarget.threat_id": ("actor_id",),
        "threats_influencetarget.threat_id": ("actor_id",),
    },
}
"""Records in words → a column with the record's id → the columns beside it that name an actor."""


def naming_any_of(tables: Mapping[str, tuple[str, ...]]) -> str:
    """SQL for the ids of one sort of records that name one of the actors `ids`."""
    each = ((key, key.split(".")[0], actor) for key, actors in tables.items() for actor in actors)
    return " UNION ".join(f"SELECT {key} FROM {table} WHERE {actor} = ANY(%(ids)s)" for key, table, actor in each)  # noqa: S608 - constants of this module


def named_by(record: str) -> str:
    """SQL for the actors (each once, perhaps NULL too) that the record of an id named in SQL names."""
    each = (
        (key, key.split(".")[0], actor)
        for tables in NAMING.values()
        for key, actors in tables.items()
        for actor in actors
    )
    return " UNION ".join(f"SELECT {actor} FROM {table} WHERE {key} = {record}" for key, table, actor in each)  # noqa: S608 - constants of this module


NAMED_ONLY_IN = f"""
    SELECT named.actor_id FROM annotations_reading g
    JOIN articles_revision r ON r.id = g.revision_id
    JOIN annotations_annotation a ON a.reading_id = g.id AND a.is_published,
    LATERAL ({named_by("a.id")}) AS named(actor_id)
    WHERE g.reader_id IS NULL AND g.state = 'published' AND r.article_id IN ({{articles}})
      AND named.actor_id IS NOT NULL
    GROUP BY named.actor_id
    HAVING count(*) >= coalesce((SELECT u.count FROM actors_actoruse u
                                 WHERE u.actor_id = named.actor_id AND u.source_id IS NULL), 0)
"""  # noqa: S608 - constants of this module
"""The actors that published records of these articles name, and no other published record: all their uses are there."""
