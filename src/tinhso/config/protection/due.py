"""What is due to go, rule by rule: the keys of a batch, and how they are taken out. Held data is never due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet

from tinhso.catalogue.models import Procedure, SearchMiss
from tinhso.config.protection.blobs import take_off
from tinhso.directory.models import (
    Account,
    DataRequest,
    Invitation,
    Look,
    OpenSession,
    Person,
    Post,
    SignInTried,
)
from tinhso.directory.queries.processing import archive_years, retention
from tinhso.directory.queries.protection import held_by_law
from tinhso.directory.services.forget_person import ERASED, forget_people, nobody
from tinhso.documents.api import StoredFile, store
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.services.forget_dossiers import forget_dossiers
from tinhso.dossiers.services.forget_drafts import forget_drafts
from tinhso.messages.models import Notice, Outgoing
from tinhso.messages.rules import MAX_ATTEMPTS
from tinhso.signatures.models import Signature
from tinhso.toolkit.clock import VN

#: (table, how) → keys, of one batch.
Taken = dict[tuple[str, str], Sequence[Any]]
#: What lies in place of a paper or a result that was forgotten.
BLANK: Final = "Nội dung đã xóa theo thời hạn lưu trữ.\n"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run stands: ``at`` business time, ``now`` the machine's, for sessions, tries and codes."""

    at: dt.datetime
    now: dt.datetime

    def days(self, key: str) -> int:
        """Return how many days a rule keeps, by the law of the business day."""
        return int(self.rules[key]["days"])

    def before(self, key: str) -> dt.datetime:
        """Return the business moment before which a rule's rows are due."""
        return self.at - dt.timedelta(days=self.days(key))

    def really_before(self, key: str) -> dt.datetime:
        """Return the same by the machine's clock."""
        return self.now - dt.timedelta(days=self.days(key))

    @property
    def rules(self) -> Mapping[str, Any]:
        """Return the rules of the business day."""
        rules: Mapping[str, Any] = retention(self.at.astimezone(VN).date())["rules"]
        return rules


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: ``due`` gives the rows, ``take`` takes a batch of keys out inside the caller's transaction."""

    key: str
    due: Callable[[Moment], QuerySet[Any]]
    take: Callable[[Sequence[Any], Moment], Taken]


def _delete(model: type[Model]) -> Callable[[Sequence[Any], Moment], Taken]:
    def take(keys: Sequence[Any], when: Moment) -> Taken:
        model._default_manager.filter(pk__in=keys).delete()
        return {(model._meta.db_table, "deleted"): keys}

    return take


def _drafts(when: Moment) -> QuerySet[Any]:
    held = held_by_law()
    rows = Draft.objects.filter(saved_at__lt=when.before("draft")).exclude(person=nobody())
    rows = rows.exclude(person__in=held["person"]).exclude(office__in=held["office"])
    sent_and_held = Q(dossier__in=held["dossier"]) | _of_offices("dossier__", held["office"])
    return rows.exclude(sent_and_held & Q(dossier__isnull=False))


def _take_drafts(keys: Sequence[Any], when: Moment) -> Taken:
    emptied, files = forget_drafts(keys)
    return {("dossiers_draft", "anonymised"): emptied, ("dossiers_draftfile", "deleted"): files}


def _of_offices(prefix: str, offices: set[int]) -> Q:
    found = Q(pk__in=())
    for name in ("receiving_office", "handling_office", "signing_office"):
        found |= Q(**{f"{prefix}{name}__in": offices})
    return found


def _dossiers(when: Moment) -> QuerySet[Any]:
    """Return ended dossiers whose years in the archive are over by the rule of their procedure's field."""
    day = when.at.astimezone(VN).date()
    by_years: dict[int, list[str]] = {}
    for code, field_name in Procedure.objects.values_list("code", "field__name"):
        years = archive_years(field_name, code, day)
        if years is not None:
            by_years.setdefault(years, []).append(code)
    due = Q(pk__in=())
    for years, codes in by_years.items():
        due |= Q(procedure_code__in=codes, ended_at__lt=_years_before(when.at, years))
    held = held_by_law()
    rows = Dossier.objects.filter(due).exclude(owner_name=ERASED)
    rows = rows.exclude(pk__in=held["dossier"]).exclude(_of_offices("", held["office"]))
    for party in ("owner_person", "submitter_person", "helper_person"):
        rows = rows.exclude(Q(**{f"{party}__in": held["person"]}) & Q(**{f"{party}__isnull": False}))
    return rows


def _take_dossiers(keys: Sequence[Any], when: Moment) -> Taken:
    gone = forget_dossiers(keys, blank=store(BLANK.encode(), media_type="text/plain", at=when.at))
    signed = Signature.objects.filter(Q(file__in=gone.files) | Q(before__in=gone.files))
    signatures = list(signed.filter(~_used_elsewhere("file")).values_list("pk", flat=True))
    Signature.objects.filter(pk__in=signatures).delete()
    left = _without_links(gone.people)
    emptied = forget_people(left, at=when.at)
    taken: Taken = {(table, "anonymised"): rows for table, rows in gone.emptied.items()}
    taken |= {(table, "deleted"): rows for table, rows in gone.deleted.items()}
    taken["signatures_signature", "deleted"] = signatures
    taken["directory_person", "anonymised"] = emptied
    return taken


def _used_elsewhere(outer: str) -> Q:
    """Choose rows whose file another table than the signatures still names."""
    found = Q(pk__in=())
    for model, name in links_to(StoredFile):
        if model is not Signature:
            found |= Q(Exists(model._default_manager.filter(**{name: OuterRef(outer)})))
    return found


def _without_links(people: frozenset[int]) -> list[int]:
    """Return those of the people who have no account, no post, no dossier, no draft: nothing needs them any more."""
    rows = Person.objects.filter(pk__in=people)
    for model, name in links_to(Person):
        if model is not Look:
            rows = rows.exclude(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    return list(rows.values_list("pk", flat=True))


def _accounts(when: Moment) -> QuerySet[Any]:
    """Return accounts of people, never officers, closed long ago, of whom no dossier speaks any more."""
    held = held_by_law()
    rows = Account.objects.filter(closed_at__lt=when.before("person")).exclude(person__name=ERASED)
    rows = rows.exclude(pk__in=held["account"]).exclude(person__in=held["person"])
    rows = rows.exclude(Exists(Post.objects.filter(person=OuterRef("person"))))
    for party in ("owner_person", "submitter_person", "helper_person"):
        rows = rows.exclude(Exists(Dossier.objects.filter(**{party: OuterRef("person")})))
    return rows


def _take_accounts(keys: Sequence[Any], when: Moment) -> Taken:
    people = list(Account.objects.filter(pk__in=keys).values_list("person", flat=True))
    notices = list(Notice.objects.filter(recipient_id__in=people).values_list("pk", flat=True))
    drafts = list(Draft.objects.filter(person__in=people).values_list("pk", flat=True))
    Notice.objects.filter(pk__in=notices).delete()
    emptied, files = forget_drafts(drafts)
    taken: Taken = {
        ("directory_account", "anonymised"): keys,
        ("directory_person", "anonymised"): forget_people(people, at=when.at),
        ("tinhso_messages_notice", "deleted"): notices,
        ("dossiers_draft", "anonymised"): emptied,
        ("dossiers_draftfile", "deleted"): files,
    }
    for model, name in _of_accounts():
        rows = model._default_manager.filter(**{f"{name}__in": keys})
        taken[model._meta.db_table, "deleted"] = list(rows.values_list("pk", flat=True))
        rows.delete()
    return taken


def _of_accounts() -> list[tuple[type[Model], str]]:
    """Return the tables that belong to an account alone, and how they name it."""
    own: list[tuple[type[Model], str]] = [
        (model, "account") for model in (Invitation, OpenSession, SignInTried)
    ]
    devices = (apps.get_model("mfa", "Authenticator"), apps.get_model("account", "EmailAddress"))
    return [*own, *((model, "user") for model in devices)]


def _outgoing(when: Moment) -> QuerySet[Any]:
    """Return what was sent long ago, and what was given up long ago and so never will be."""
    cut = when.before("outgoing")
    return Outgoing.objects.filter(
        Q(sent_at__lt=cut) | Q(sent_at=None, attempts__gte=MAX_ATTEMPTS, created_at__lt=cut)
    )


def _files(when: Moment) -> QuerySet[Any]:
    """Return files that no row names, old enough that nobody is just laying them down."""
    rows = StoredFile.objects.filter(created_at__lt=when.before("file"))
    for model, name in links_to(StoredFile):
        rows = rows.exclude(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    return rows


def _take_files(keys: Sequence[Any], when: Moment) -> Taken:
    rows = StoredFile.objects.select_for_update().filter(pk__in=keys)
    digests = dict(rows.values_list("pk", "sha256"))
    pages = dict(rows.values_list("sha256", "pages"))
    StoredFile.objects.filter(pk__in=digests).delete()
    take_off(pages)
    return {
        ("documents_storedfile", "deleted"): sorted(digests),
        ("documents_storedfile", "off_disk"): sorted(digests.values()),
    }


def links_to(target: type[Model]) -> list[tuple[type[Model], str]]:
    """Return every model and field that points at a model, in all modules."""
    return [
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is target
    ]


def _years_before(at: dt.datetime, years: int) -> dt.datetime:
    """Return the same moment years earlier; 29 February becomes 28."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


def _by(model: type[Model], **wanted: str) -> Callable[[Moment], QuerySet[Any]]:
    """Return the rows of a model older than a rule; ``field=rule``, ``really_field=rule`` by the machine's clock."""
    ((field, key),) = wanted.items()

    def due(when: Moment) -> QuerySet[Any]:
        if field.startswith("really_"):
            return model._default_manager.filter(
                **{f"{field.removeprefix('really_')}__lt": when.really_before(key)}
            )
        return model._default_manager.filter(**{f"{field}__lt": when.before(key)})

    return due


def _misses(when: Moment) -> QuerySet[Any]:
    return SearchMiss.objects.filter(last_day__lt=when.before("miss").astimezone(VN).date())


def _looks(when: Moment) -> QuerySet[Any]:
    held = held_by_law()
    rows = Look.objects.filter(day__lt=when.before("look").astimezone(VN).date())
    rows = rows.exclude(about__in=[f"dossier:{pk}" for pk in held["dossier"]])
    rows = rows.exclude(Q(person__in=held["person"]) & Q(person__isnull=False))
    return rows.exclude(account__in=held["account"])


def _not_held(due: Callable[[Moment], QuerySet[Any]]) -> Callable[[Moment], QuerySet[Any]]:
    return lambda when: due(when).exclude(account__in=held_by_law()["account"])


def _notices(when: Moment) -> QuerySet[Any]:
    rows = Notice.objects.filter(created_at__lt=when.before("notice"))
    return rows.exclude(recipient_id__in=held_by_law()["person"])


#: In this order: what lets files go stands before the files.
RULES: Final[Sequence[Rule]] = (
    Rule("draft", _drafts, _take_drafts),
    Rule("dossier", _dossiers, _take_dossiers),
    Rule("person", _accounts, _take_accounts),
    Rule("invitation", _not_held(_by(Invitation, really_expires_at="invitation")), _delete(Invitation)),
    Rule("session", _not_held(_by(OpenSession, really_ended_at="session")), _delete(OpenSession)),
    Rule("session_row", _by(Session, really_expire_date="session_row"), _delete(Session)),
    Rule("sign_in", _not_held(_by(SignInTried, really_at="sign_in")), _delete(SignInTried)),
    Rule("notice", _notices, _delete(Notice)),
    Rule("outgoing", _outgoing, _delete(Outgoing)),
    Rule("miss", _misses, _delete(SearchMiss)),
    Rule("look", _looks, _delete(Look)),
    Rule("request", _by(DataRequest, answered_at="request"), _delete(DataRequest)),
    Rule("file", _files, _take_files),
)


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Let statements take as long as they need: counting what is due reads whole tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("set statement_timeout = 0; set transaction_timeout = 0")
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("reset statement_timeout; reset transaction_timeout")
