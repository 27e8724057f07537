"""Counts that all processes share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from newsannot.core.counting import Counted, count_once_more, forget
from newsannot.core.models import SharedCount


@pytest.mark.django_db
def test_each_time_gets_the_next_number_until_the_while_ends() -> None:
    assert [count_once_more("a", seconds=60) for _ in range(3)] == [Counted(n, 60) for n in (1, 2, 3)]
    assert count_once_more("b", seconds=60).count == 1
    SharedCount.objects.filter(key="a").update(began_at=timezone.now() - timedelta(seconds=30))
    assert count_once_more("a", seconds=60) == Counted(4, 30)
    SharedCount.objects.filter(key="a").update(began_at=timezone.now() - timedelta(seconds=60))
    assert count_once_more("a", seconds=60) == Counted(1, 60)
    forget("a")
    assert count_once_more("a", seconds=60).count == 1


@pytest.mark.django_db
def test_old_counts_are_forgotten_when_something_new_is_counted() -> None:
    SharedCount.objects.create(key="old", began_at=timezone.now() - timedelta(days=2), count=7)
    count_once_more("new", seconds=60)
    assert list(SharedCount.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_connections_that_count_at_once_never_get_the_same_number() -> None:
    def count(_: int) -> int:
        try:
            return count_once_more("a", seconds=60).count
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(count, range(20)))
    assert sorted(counts) == list(range(1, 21))


@pytest.mark.django_db
def test_counting_is_one_statement_on_a_table_that_is_not_logged(django_assert_num_queries) -> None:
    count_once_more("a", seconds=60)
    with django_assert_num_queries(1):
        count_once_more("a", seconds=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'core_sharedcount'::regclass")
        assert cursor.fetchone() == ("u",)
