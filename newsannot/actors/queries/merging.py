"""Where merged actors went."""

from collections.abc import Iterable

from django.db import connection

from newsannot.actors.models import Actor


def where_merged_went(actor_ids: Iterable[int]) -> dict[int, int]:
    """Merged actor → the standing one at the end of its chain; standing actors are left out."""
    sql = """
        WITH RECURSIVE chain(id, at) AS (
            SELECT id, merged_into_id FROM actors_actor WHERE id = ANY(%s) AND merged_into_id IS NOT NULL
            UNION
            SELECT chain.id, a.merged_into_id FROM chain JOIN actors_actor a ON a.id = chain.at
            WHERE a.merged_into_id IS NOT NULL
        )
        SELECT chain.id, chain.at FROM chain JOIN actors_actor a ON a.id = chain.at WHERE a.merged_into_id IS NULL
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(actor_ids)])
        return dict(cursor.fetchall())


def where_went(actor: Actor) -> Actor:
    """The actor itself, or the standing one it was merged into, however often."""
    end = where_merged_went([actor.pk]).get(actor.pk)
    return Actor.objects.get(pk=end) if end else actor
