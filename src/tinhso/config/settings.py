"""Settle how this installation runs, from the environment alone (docs/reference/settings.md)."""

import datetime as dt
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from tinhso.config import places, roles
from tinhso.config.cluster import DATABASE, Cluster
from tinhso.toolkit import clock

# --- the place and the mode ---
TINHSO_DATA = places.data()
TINHSO_DEMO = places.is_demo(TINHSO_DATA)
DEBUG = os.environ.get("TINHSO_DEBUG") == "1"
SECRET_KEY = os.environ.get("TINHSO_SECRET_KEY") or places.secret(TINHSO_DATA)
TINHSO_HOST = os.environ.get("TINHSO_HOST") or "127.0.0.1"
TINHSO_PORT = int(os.environ.get("TINHSO_PORT") or 8000)
TINHSO_TRUST_PORT = int(os.environ.get("TINHSO_TRUST_PORT") or 8318)
TINHSO_PUBLIC_ADDRESS = (
    os.environ.get("TINHSO_PUBLIC_ADDRESS") or f"http://{TINHSO_HOST}:{TINHSO_PORT}"
).rstrip("/")
TINHSO_CLOCK = os.environ.get("TINHSO_CLOCK") or "2022-05-10T07:30+07:00"
clock.use(
    TINHSO_DATA / "clock" if TINHSO_DEMO else None,
    starts_at=dt.datetime.fromisoformat(TINHSO_CLOCK) if TINHSO_DEMO else None,
)

_public = urlsplit(TINHSO_PUBLIC_ADDRESS)
IS_SECURE = _public.scheme == "https"
ALLOWED_HOSTS = sorted({_public.hostname or TINHSO_HOST, TINHSO_HOST, "localhost", "127.0.0.1"})
CSRF_TRUSTED_ORIGINS = [TINHSO_PUBLIC_ADDRESS]

#: Mail goes out by host:port; without one, nothing is sent by mail.
TINHSO_SMTP = os.environ.get("TINHSO_SMTP") or ""
TINHSO_MAIL_FROM = os.environ.get("TINHSO_MAIL_FROM") or ""

# --- the modules, in floor order ---
FLOORS = (
    "tinhso.portal",
    "tinhso.plans",
    "tinhso.measures",
    "tinhso.dossiers",
    "tinhso.signatures",
    "tinhso.catalogue",
    "tinhso.directory",
    "tinhso.documents",
    "tinhso.messages",
    "tinhso.journal",
    "tinhso.design",
)
INSTALLED_APPS = [
    *FLOORS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "tinhso.measures.middleware.PageViewsMiddleware",
    "tinhso.config.kept_pages.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tinhso.config.clean_text.CleanTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tinhso.config.actor.ActorMiddleware",
    "tinhso.config.kept_forms.KeptFormsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tinhso.config.answers.NoEmptyPageMiddleware",
]
ROOT_URLCONF = "tinhso.config.urls"
WSGI_APPLICATION = "tinhso.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tinhso.design.context.links",
                "tinhso.portal.context.site",
            ],
        },
    }
]

# --- the database: which role a process connects as is chosen by TINHSO_ROLE ---
TINHSO_ROLE = os.environ.get("TINHSO_ROLE") or "app"
TINHSO_DATABASE_URL = os.environ.get("TINHSO_DATABASE_URL") or ""
_database = os.environ.get("TINHSO_DATABASE_NAME") or ""
_address = (
    roles.elsewhere(TINHSO_DATABASE_URL, TINHSO_DATA / "roles.json", TINHSO_ROLE, _database)
    if TINHSO_DATABASE_URL
    else Cluster(TINHSO_DATA).address(TINHSO_ROLE, _database or DATABASE)
)
DATABASES: dict[str, dict[str, Any]] = {"default": roles.django(_address)}
#: Lets ``toolkit.prepared`` keep plans; Django's own cursors never do.
DATABASES["default"]["OPTIONS"] |= {"application_name": f"tinhso-{TINHSO_ROLE}", "prepare_threshold": 5}
#: Connections a web process keeps; 0 (commands, worker, sealer) opens one when it is needed.
_pool = int(os.environ.get("TINHSO_POOL") or 0)
if _pool:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_row",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    #: Whole anonymous pages, one copy in each web process.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

# --- people and sessions ---
AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tỉnh Số"
SESSION_ENGINE = "tinhso.config.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tinhso.portal.views.problems.stale_form"

# --- what browsers are told ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it; a health check comes without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None

# --- language and time ---
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
USE_I18N = True
LOCALE_PATHS = [places.PACKAGE / "config/locale"]
FORMAT_MODULE_PATH = ["tinhso.config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = TINHSO_DATA / "static"
MEDIA_ROOT = TINHSO_DATA / "files"
#: Where backups go (another disk, in service), and the key that opens them, which lies apart.
TINHSO_BACKUP = Path(os.environ.get("TINHSO_BACKUP") or TINHSO_DATA / "backup").resolve()
TINHSO_BACKUP_KEY = Path(os.environ.get("TINHSO_BACKUP_KEY") or TINHSO_DATA / "backup.key").resolve()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- what is written to the terminal ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "tinhso": {"level": "INFO"},
        "django": {"handlers": ["terminal"], "level": "WARNING", "propagate": False},
    },
}
