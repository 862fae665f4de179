"""Django's settings. What differs between installations comes from the environment, through environment.py alone."""

import sys
from urllib.parse import urlsplit

import sentry_sdk

from freightbridge import environment
from freightbridge.database_url import read_database_url
from freightbridge.email_url import read_email_url
from freightbridge.environment import CHECKOUT
from freightbridge.local_servers.local_secrets import local_secrets
from freightbridge.local_servers.running_servers import DatabaseUrls, local_broker_url, local_database
from freightbridge.observability.json_logging import configure_structlog, logging_configuration

# --- Where people reach us -----------------------------------------------------------------------------
PUBLIC_BASE_URL = environment.origin("PUBLIC_BASE_URL")
_PUBLIC = urlsplit(PUBLIC_BASE_URL)
IS_LOCAL = _PUBLIC.hostname == "localhost"
IS_HTTPS = _PUBLIC.scheme == "https"
DEBUG = environment.flag("DEBUG")
ALLOWED_HOSTS = [_PUBLIC.hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]

# --- Secrets: only an installation on localhost may make its own ---------------------------------------
_secrets = local_secrets() if IS_LOCAL else {}
SECRET_KEY = environment.text("SECRET_KEY") or _secrets.get("SECRET_KEY", "")
FB_KEYRING = environment.words("FB_KEYRING") or list(filter(None, [_secrets.get("FB_KEYRING")]))
for _name, _value in {"SECRET_KEY": SECRET_KEY, "FB_KEYRING": FB_KEYRING}.items():
    if not _value:
        raise environment.EnvironmentVariableError(f"{_name} is not set, and {PUBLIC_BASE_URL} is not localhost.")

# --- Servers: the ones named, or our own ---------------------------------------------------------------
_urls = (
    DatabaseUrls(app=environment.text("DATABASE_URL"), owner=environment.text("DATABASE_OWNER_URL"))
    if environment.text("DATABASE_URL")
    else local_database()
)
_DATABASE_OPTIONS = {
    # A visitor waits for a page, not for a lock.
    # Compiling a plan costs seconds where a list takes milliseconds; and what a list reads is in memory or on an SSD.
    "options": ("-c statement_timeout=30000 -c lock_timeout=10000 -c timezone=UTC -c jit=off -c random_page_cost=1.1"),
    "application_name": "freightbridge",
}
_app, _owner = read_database_url(_urls.app), read_database_url(_urls.owner)
DATABASES = {
    # Everything runs as the app's role, which owns nothing and obeys row-level security.
    "default": {
        **_app,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_app["OPTIONS"], **_DATABASE_OPTIONS},
    },
    # Only migrations run as the owner.
    "owner": {**_owner, "OPTIONS": {**_owner["OPTIONS"], "application_name": "freightbridge-owner"}},
}
DATABASE_ROUTERS = ["freightbridge.tenancy.migrate_as_owner.MigrateAsOwner"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = environment.text("REDIS_URL") or local_broker_url()
# In PostgreSQL too: it holds counters of log-in attempts, which must survive Redis and count over processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

# --- Applications ---------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_bootstrap5",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "template_partials",
    "freightbridge",
    "freightbridge.tenancy",
    "freightbridge.access",
    "freightbridge.audit",
    "freightbridge.background_work",
    "freightbridge.notices",
    "freightbridge.stored_files",
    "freightbridge.outbound_events",
    "freightbridge.rest",
    "freightbridge.people",
    "freightbridge.ui",
    "integrations",
    "invoices",
]
MIDDLEWARE = [
    "freightbridge.status.health.HealthMiddleware",
    "freightbridge.observability.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "freightbridge.ui.plain_text.PlainTextMiddleware",
    "freightbridge.access.middleware.TenantMiddleware",
]
# What is said once in a corner is kept under the bell.
MESSAGE_STORAGE = "freightbridge.notices.kept_messages.KeptMessages"
ROOT_URLCONF = "freightbridge.urls"
WSGI_APPLICATION = "freightbridge.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CHECKOUT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "freightbridge.ui.page_context.page_context",
                "freightbridge.notices.bell.bell",
                "integrations.web.connection_strip.connection_strip",
            ],
            "libraries": {"heroicons": "freightbridge.ui.templatetags.remembered_icons"},
        },
    },
    {
        # Of the rows of long lists and of PDFs alone (*.jinja), by this name.
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [CHECKOUT / "templates"],
        "OPTIONS": {"environment": "freightbridge.ui.jinja_environment.jinja_environment"},
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- People ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "freightbridge.access.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# For so long a sign-in counts as recent, where tokens, keys, people or a second step are changed.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "freightbridge.access.two_step_adapter.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "FreightBridge"
# A clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers know passkeys on https, and on localhost; only there is plain http let through.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
EMAIL_CONFIGURATION = read_email_url(environment.text("EMAIL_URL"))
EMAIL_BACKEND = EMAIL_CONFIGURATION.backend
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIGURATION.host, EMAIL_CONFIGURATION.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIGURATION.user, EMAIL_CONFIGURATION.password
EMAIL_USE_TLS = EMAIL_CONFIGURATION.uses_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = EMAIL_CONFIGURATION.sender or f"FreightBridge <freightbridge@{_PUBLIC.hostname}>"

# --- The browser ----------------------------------------------------------------------------------------
XERO_LOGIN_BASE_URL = environment.origin("XERO_LOGIN_BASE_URL")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        # A form that leads to Xero's consent page is redirected there.
        "form-action": ["'self'", XERO_LOGIN_BASE_URL],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "freightbridge_session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "freightbridge_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "freightbridge.ui.error_pages.stale_form"
SESSION_COOKIE_AGE = 14 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Files, words, times --------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = CHECKOUT / "staticfiles"
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT.is_dir()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "freightbridge.ui.formats"

# --- Workers --------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    # Databases on one server may share one Redis.
    "global_keyprefix": f"fb:{DATABASES['default']['NAME']}:",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Losing a nudge is harmless, a storm of redelivered ones is not.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
# A nudge that reaches no broker must not keep a click waiting; the sweeper finds the work.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
# By itself Celery closes connections to the database before and after each task, whatever CONN_MAX_AGE says. Ours are
# looked after where the task begins.
CELERY_DB_REUSE_MAX = sys.maxsize
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
# What is being done when Redis goes away is done to its end: it stands in PostgreSQL.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
DELIVERY_TIME_SCALE = environment.positive_number("DELIVERY_TIME_SCALE")

# --- Xero -----------------------------------------------------------------------------------------------
XERO_CLIENT_ID = environment.text("XERO_CLIENT_ID")
XERO_CLIENT_SECRET = environment.text("XERO_CLIENT_SECRET")
XERO_WEBHOOK_KEYS = environment.words("XERO_WEBHOOK_KEY")
XERO_IDENTITY_BASE_URL = environment.origin("XERO_IDENTITY_BASE_URL")
XERO_API_BASE_URL = environment.origin("XERO_API_BASE_URL")
XERO_WEB_BASE_URL = environment.origin("XERO_WEB_BASE_URL")
REPLAY_SANDBOX_URL = environment.origin("REPLAY_SANDBOX_URL")

# --- Other systems --------------------------------------------------------------------------------------
EVENTS_TO_PRIVATE_ADDRESSES = environment.flag("EVENTS_TO_PRIVATE_ADDRESSES")

# --- What we see of it ----------------------------------------------------------------------------------
LOGGING = logging_configuration(is_readable=DEBUG)
configure_structlog()
if _dsn := environment.text("SENTRY_DSN"):
    sentry_sdk.init(dsn=_dsn, send_default_pii=False, include_local_variables=False)
