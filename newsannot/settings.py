"""Settings, from the environment; README.md lists every variable in one table."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from pghistory import ContextJSONField
from psycopg.conninfo import conninfo_to_dict

from newsannot.core import embedded
from newsannot.core.logs import without_traces_of_refusals

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


# --- Which database ------------------------------------------------------------------------
# The demo (its accounts, its tokens, its articles) exists on the embedded database only.

DATABASE_URL = os.environ.get("DATABASE_URL", "")
IS_EMBEDDED = not DATABASE_URL
_CONNECTION = {"ENGINE": "newsannot.core.database"}
# Statements asked often are prepared: a third of the database's time on a mark was planning.
_OPTIONS = {"server_side_binding": True, "prepare_threshold": 5}


def _database(url: str, *, patience: int = 20) -> dict[str, object]:
    """Django's settings for a PostgreSQL URL, its query parameters passed on to the driver.

    `patience` is how many seconds a request waits for a connection.
    """
    parts = dict(conninfo_to_dict(url)) if url else embedded.connection_parameters()
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    django = {ours: str(parts.pop(theirs, "") or "") for ours, theirs in known.items()}
    pool = {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL", "16")), "timeout": patience}
    return {**_CONNECTION, **django, "OPTIONS": {**_OPTIONS, "pool": pool, **parts}}


DATABASES = {"default": _database(DATABASE_URL)}
DATABASE_ROUTERS = ["newsannot.core.replica.ReplicaRouter"]
if os.environ.get("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = _database(os.environ["DATABASE_REPLICA_URL"], patience=2)

# --- Who may ask ---------------------------------------------------------------------------

DEBUG = _flag("DEBUG", default=False)
SECRET_KEY = os.environ.get("SECRET_KEY") or (embedded.secret_key() if IS_EMBEDDED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: with DATABASE_URL set, there is no demo key to fall back on.")
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [h.strip() for h in os.environ.get("ALLOWED_HOSTS", "").split(",") if h.strip()] or LOOPBACK_HOSTS
if IS_EMBEDDED and set(ALLOWED_HOSTS) - {*LOOPBACK_HOSTS, "testserver"}:
    raise ImproperlyConfigured(
        "The embedded demo has known passwords and listens on loopback only. Unset ALLOWED_HOSTS, or set DATABASE_URL."
    )
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in LOOPBACK_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
IS_SECURE = not IS_EMBEDDED and not DEBUG and _flag("HTTPS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "newsannot.accounts.views.refuse_forged"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "newsannot.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

NLP = _flag("NEWSANNOT_NLP", default=False)  # English texts are read by spaCy, the extra [nlp], before rules draft
# --- Mail: none is sent unless a host for it is named ------------------------------------------

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or "587")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"newsannot@{ALLOWED_HOSTS[0].lstrip('.')}"
IS_MAIL_SENT = bool(EMAIL_HOST)
_PLACE = ALLOWED_HOSTS[0].lstrip(".")  # behind a proxy that speaks TLS there is no port to name
_SITE = f"https://{_PLACE}" if IS_SECURE else f"http://{_PLACE}:{os.environ.get('PORT') or 8000}"
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/") or _SITE  # where links in mails lead

# Whether webhooks may be sent into the operator's own network, and by http
WEBHOOKS_TO_PRIVATE = _flag("NEWSANNOT_WEBHOOKS_TO_PRIVATE", default=False)
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # lets a Prometheus server read /metrics

# --- What runs -----------------------------------------------------------------------------

ROOMS = [
    "core",
    "accounts",
    "codebook",
    "articles",
    "actors",
    "annotations",
    "statements",
    "threats",
    "suggestions",
    "workbench",
    "review",
    "dataset",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "rest_framework",
    "drf_spectacular",
    "template_partials",
    *(f"newsannot.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "newsannot.core.metrics.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsannot.core.policy.send_policy",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "newsannot.urls"
WSGI_APPLICATION = "newsannot.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsannot.review.views.inbox.waiting",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["newsannot.accounts.backends.Accounts"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False  # the pages are in English; the texts are in any language
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "newsannot.core.modules_storage.ModulesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the zone of each line of an article
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

# History: the context (who, which action) is kept on each event itself, so no second table is written.
PGHISTORY_CONTEXT_FIELD = ContextJSONField()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["newsannot.accounts.api.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["newsannot.core.requests.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["newsannot.core.requests.PerToken"],
    "DEFAULT_THROTTLE_RATES": {"token": os.environ.get("API_RATE", "600/min")},
    "DEFAULT_PARSER_CLASSES": ["newsannot.core.requests.JsonBody"],
    "DEFAULT_RENDERER_CLASSES": ["newsannot.core.requests.JsonAnswer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "newsannot.core.requests.JsonAlways",
    "DEFAULT_SCHEMA_CLASS": "newsannot.core.describing.Described",
    "EXCEPTION_HANDLER": "newsannot.core.problems.answer_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "newsannot",
    "DESCRIPTION": "Who is mentioned, who said what and who threatens whom in geopolitical articles: the published "
    "record, each value with its evidence down to the character. Offsets are Unicode code points, 0-based, half-open.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["newsannot.core.describing.only_the_api"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": [without_traces_of_refusals]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
