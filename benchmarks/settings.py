"""The application's settings, with the bare view and no rate limits."""

from newsannot.settings import *  # noqa: F403
from newsannot.settings import REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.urls"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": dict.fromkeys(("token", "anonymous"))}
