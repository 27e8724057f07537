"""What every test stands on: the database, plain static files, cheap passwords, examples without a clock."""

from typing import Any

import hypothesis
import pgtrigger
import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations

from newsannot.core import embedded


def pytest_configure() -> None:
    """Set what tests need otherwise: static files as they lie in static/, passwords hashed cheaply, tables emptied."""
    hypothesis.settings.register_profile("without_a_clock", deadline=None)
    hypothesis.settings.load_profile("without_a_clock")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True
    DatabaseOperations.sql_flush = emptied  # type: ignore[method-assign]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def emptied(_operations: DatabaseOperations, _style: object, tables: list[str], **_options: Any) -> list[str]:
    """What empties the tables after a test that committed: their rows are deleted; what forbids that is passed over.

    Truncating them, as Django does, makes every file of every table and index anew: many times slower. Twice, since
    some rows that go leave others behind, for the feed to look at.
    """
    passed_over = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    deleted = "".join(f'DELETE FROM "{table}";' for table in tables)
    return [f"SET LOCAL pgtrigger.ignore = '{{{passed_over}}}'; {deleted * 2}"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Have the embedded database running before the test database is made; tests without one never start it."""
    embedded.ensure_running()
