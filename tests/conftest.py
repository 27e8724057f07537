"""What every test stands on: the database, plain static files, cheap passwords, examples without a clock."""

import hypothesis
import pytest
from django.conf import settings

from newsannot.core import embedded


def pytest_configure() -> None:
    """Set what tests need otherwise: static files as they lie in static/, passwords hashed cheaply, tables emptied."""
    hypothesis.settings.register_profile("without_a_clock", deadline=None)
    hypothesis.settings.load_profile("without_a_clock")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c newsannot.may_truncate=on"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Have the embedded database running before the test database is made; tests without one never start it."""
    embedded.ensure_running()
