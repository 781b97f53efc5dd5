"""Find out who is asking, by one query and only when somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import SimpleLazyObject

from tinhso.directory.api import ANYBODY, Actor, actor_and_password, one_stamp
from tinhso.toolkit import clock

#: The salt of ``AbstractBaseUser.get_session_auth_hash``: a changed password ends the session.
_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


class ActorMiddleware:
    """Set ``request.actor``; posts, delegations and a disabled account take effect at the next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor, found when first asked for."""
        request.actor = SimpleLazyObject(lambda: actor_of_session(request))  # type: ignore[attr-defined]
        with one_stamp():
            return self.get_response(request)


def actor_of_session(request: HttpRequest) -> Actor:
    """Return who is signed in on this session, or ``ANYBODY``."""
    account_id = request.session.get(SESSION_KEY)
    if account_id is None:
        return ANYBODY
    actor, password = actor_and_password(int(account_id), clock.today())
    if not actor.is_signed_in:
        return ANYBODY
    known = salted_hmac(_SALT, password, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
    return actor if constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), known) else ANYBODY
