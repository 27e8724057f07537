import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_cache():
    """Failed attempts to sign in are counted in the cache; each test begins with none."""
    cache.clear()
