"""Settle how tests run: the real settings, with quick passwords and unpacked static files."""

from tinhso.config.settings import *  # noqa: F403 - a settings module extends another this way
from tinhso.config.settings import ALLOWED_HOSTS as _HOSTS
from tinhso.config.settings import CACHES as _CACHES
from tinhso.config.settings import STORAGES as _STORAGES

ALLOWED_HOSTS = [*_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
#: Tests undo what they write, so no page may outlive its test; `test_kept_pages` keeps some.
CACHES = {**_CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
