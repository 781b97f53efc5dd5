"""Find out who is asking, by one query and only when somebody wants to know; and keep the session that asks alive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import SimpleLazyObject, empty

from tinhso.config.sessions import BEGAN, KIND
from tinhso.directory.api import ANYBODY, Actor, access_rules, actor_and_password, one_stamp
from tinhso.toolkit import clock

#: The salt of ``AbstractBaseUser.get_session_auth_hash``: a changed password ends the session.
_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
#: What a page's scripts send by themselves says so; it lengthens no session.
_BY_SCRIPT: Final = "fetch"


class ActorMiddleware:
    """Set ``request.actor``; posts, delegations and a disabled account take effect at the next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor, found when first asked for."""
        actor = SimpleLazyObject(lambda: actor_of_session(request))
        request.actor = actor  # type: ignore[attr-defined]
        request.idle = SimpleLazyObject(lambda: idle_of(request))  # type: ignore[attr-defined]
        session: Any = request.session
        session.meta = request.META
        session.is_quiet = is_by_script(request)
        with one_stamp():
            response = self.get_response(request)
        if actor._wrapped is not empty and actor.is_signed_in and not session.is_quiet:
            self._keep_alive(session, actor)
        return response

    @staticmethod
    def _keep_alive(session: Any, actor: Any) -> None:
        if not session.get(SESSION_KEY):
            return
        if not session.get(BEGAN):
            session.modified = True
        elif not session.modified:
            session.touch("officer" if actor.is_officer else "citizen")


def is_by_script(request: HttpRequest) -> bool:
    """Say whether a page sent the request by itself: saving a draft, asking anew every so often."""
    if request.headers.get("X-Requested-With") == _BY_SCRIPT:
        return True
    return request.method == "GET" and request.headers.get("HX-Request") == "true"


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


def idle_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the idle warning needs: seconds left, when to warn, when to wipe; empty where nobody is signed in."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not actor_of(request).is_signed_in:
        return {}
    session: Any = request.session
    now = timezone.now()
    rules = access_rules(now.date())["sessions"]
    is_shared = session.get(KIND) == "shared"
    kind = "officer" if actor_of(request).is_officer else "citizen"
    left = int((session.ends_at(now, kind) - now).total_seconds())
    return {
        "left": left,
        "warn": min(rules["warn"], left // 2),
        "wipe": rules["shared_wipe"] if is_shared else 0,
        "is_shared": is_shared,
    }


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor that the middleware attached."""
    return getattr(request, "actor", ANYBODY)
