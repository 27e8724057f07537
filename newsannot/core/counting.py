"""Counting what happens within a while, over all processes: each count is one statement on a table kept in memory."""

from dataclasses import dataclass
from math import ceil

from django.db import connection

from newsannot.core.models import SharedCount

_COUNT = """
    INSERT INTO core_sharedcount AS held (key, began_at, count) VALUES (%(key)s, clock_timestamp(), 1)
    ON CONFLICT (key) DO UPDATE SET (began_at, count) = (
        SELECT CASE WHEN lasts THEN held.began_at ELSE clock_timestamp() END,
               CASE WHEN lasts THEN held.count + 1 ELSE 1 END
        FROM (SELECT held.began_at > clock_timestamp() - make_interval(secs => %(while)s)) AS it (lasts)
    )
    RETURNING count, EXTRACT(EPOCH FROM began_at - clock_timestamp())::float + %(while)s
"""
_FORGET_OLD = "DELETE FROM core_sharedcount WHERE began_at < clock_timestamp() - interval '1 day'"


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened in the running while, this time included, and in how many seconds that ends."""

    count: int
    seconds_left: int


def count_once_more(key: str, *, seconds: int) -> Counted:
    """Count that something happened; the first time after a while of so many seconds, at most a day, begins the next.

    Any number of processes may count the same at once: each gets a number of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "while": seconds})
        count, left = cursor.fetchone()
        if count == 1:
            cursor.execute(_FORGET_OLD)
    return Counted(count, max(1, ceil(left)))


def forget(key: str) -> None:
    """Begin anew."""
    SharedCount.objects.filter(key=key).delete()
