"""People are planted in real flows; then everything outside the data map is searched for them: nothing may be found.

The data map is what the models declare (``PERSONAL``). Logs are searched by the tests of operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models import Field
from django.test import override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.floors import PACKAGE
from tests.authorisation.world import DEFECT, EXPLANATION, NOON, World
from tests.security.protection.test_looks import WITH_IT
from tinhso.directory.models import Person
from tinhso.directory.queries.processing import models_declared
from tinhso.dossiers import api
from tinhso.journal.models import Entry
from tinhso.messages.models import Notice, Outgoing
from tinhso.toolkit.text import fold

pytestmark = pytest.mark.django_db
IDENTITY, PHONE, MAIL = "036190000001", "0912000111", "lan.rieng@thu-rieng.vn"
HOME = "Thôn Mẫu"
#: What pages keep in the browser: settings of the reader, by name.
KEPT_IN_BROWSER = {"phim-tat"}
#: Cookies that scripts of ours set.
COOKIES = {"chu", "nen"}
ATTRIBUTES = re.compile(r'(?:href|src|action|data-[a-z-]+|hx-[a-z-]+)="([^"]*)"')
#: Columns of text that are derived from others and name nobody: they are searched all the same.
_TEXTS = ("CharField", "TextField", "JSONField", "SlugField", "EmailField", "URLField")


@pytest.fixture
def planted(world: World) -> tuple[str, ...]:
    """Give the owner a contact of every kind, let things happen, and return the words to search for."""
    who = world.actors
    Person.objects.filter(pk=who["owner"].person_id or 0).update(
        identity_number=IDENTITY, phone=PHONE, email=MAIL, address=HOME, commune=world.offices["here"]
    )
    code = world.dossiers["in_progress"].tracking_code
    api.ask_for_papers(
        by=who["specialist"], at=NOON, tracking_code=code, defects=[DEFECT], explanation=EXPLANATION
    )
    world.browser("owner").post(
        "/cua-toi/du-lieu/sua/",
        {"field": "address", "wanted": "Thôn Mười Chín", "said": "x", "office": world.offices["here"].pk},
    )
    return IDENTITY, PHONE, MAIL, who["owner"].name, fold(who["owner"].name), HOME


def found(words: tuple[str, ...], text: str) -> list[str]:
    return [word for word in words if word in text]


def public_addresses() -> Iterator[str]:
    """Yield every address that needs nothing but its name."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
            elif one.name:
                try:
                    yield reverse(f"{space}{one.name}")
                except NoReverseMatch:
                    continue

    yield from sorted(set(walk(get_resolver().url_patterns, "")))


def test_the_words_stand_in_declared_fields_only(world: World, planted: tuple[str, ...]) -> None:
    outside, inside = [], set()
    for model, personal in models_declared():
        declared = {name for part in (personal.held if personal else ()) for name in part.names}
        for field in model._meta.concrete_fields:
            if field.get_internal_type() not in _TEXTS and not _is_list(field):
                continue
            with connection.cursor() as cursor:
                cursor.execute(
                    f'select count(*) from "{model._meta.db_table}" where "{field.column}"::text like any(%s)',
                    [[f"%{word}%" for word in planted[:4]]],
                )
                (n,) = cursor.fetchone()
            if n and field.name in declared:
                inside.add(f"{model._meta.label}.{field.name}")
            elif n:
                outside.append(f"{model._meta.label}.{field.name}: {n}")
    assert outside == []
    assert {
        "dossiers.Dossier.owner_identity",
        "directory.Person.phone",
        "dossiers.StepTaken.by_name",
    } <= inside


def _is_list(field: Field) -> bool:  # type: ignore[type-arg]
    return field.get_internal_type() == "ArrayField"


def test_no_address_on_any_page_carries_them(world: World, planted: tuple[str, ...]) -> None:
    code = world.dossiers["issued"].tracking_code
    pages = {
        "owner": (
            "/cua-toi/",
            "/cua-toi/giay-to/",
            "/cua-toi/du-lieu/",
            f"/ho-so/{code}/",
            f"/tra-cuu/{code}/",
        ),
        "clerk": ("/mot-cua/", f"/mot-cua/ho-so/{code}/", "/bao-ve-du-lieu/yeu-cau/", "/mot-cua/tiep-nhan/"),
        "specialist": ("/mot-cua/", f"/mot-cua/ho-so/{world.dossiers['in_progress'].tracking_code}/"),
        "inspector": (f"/mot-cua/ho-so/{code}/", "/bao-ve-du-lieu/tam-giu/"),
    }
    seen = 0
    with override_settings(MIDDLEWARE=WITH_IT):
        for role, addresses in pages.items():
            for address in addresses:
                answer = world.browser(role).get(address)
                assert answer.status_code == 200, (role, address)
                for value in ATTRIBUTES.findall(answer.content.decode()):
                    seen += 1
                    assert not found(planted, unquote(value)), (role, address, value)
                assert not found(planted, answer.headers.get("Content-Disposition", ""))
    assert seen > 200


def test_no_public_page_shows_them(world: World, planted: tuple[str, ...]) -> None:
    stranger = world.browser("anonymous")
    read = 0
    addresses = [*public_addresses(), *(f"/tra-cuu/{one.tracking_code}/" for one in world.dossiers.values())]
    for address in addresses:
        answer = stranger.get(address)
        if answer.status_code == 200 and not answer.streaming:
            read += 1
            assert not found(planted, answer.content.decode(errors="ignore")), address
    assert read > 30


def test_neither_cache_holds_them(world: World, planted: tuple[str, ...]) -> None:
    for role in ("anonymous", "owner", "clerk"):
        browser = world.browser(role)
        for address in ("/", "/cua-toi/", "/tim/?q=khai+sinh", "/so-lieu/", "/du-lieu-ca-nhan/", "/mot-cua/"):
            browser.get(address)
    with connection.cursor() as cursor:
        cursor.execute("select cache_key || ' ' || value from cache_row")
        rows = "\n".join(text for (text,) in cursor.fetchall())
    pages = caches["pages"]._cache  # type: ignore[attr-defined]
    assert pages, "the kept pages are there"
    kept = "\n".join(f"{key} {value!r}" for key, value in pages.items())
    assert not found(planted, rows + kept)


def test_neither_subjects_nor_links_of_messages_nor_the_journal_carry_them(
    world: World, planted: tuple[str, ...]
) -> None:
    for row in Outgoing.objects.all():
        assert not found(planted, row.subject)
        assert not found(planted, row.last_error)
        assert row.channel != "sms" or not found((IDENTITY, MAIL), row.text)
    assert Notice.objects.exists()
    for link in Notice.objects.values_list("link", flat=True):
        assert not found(planted, link)
    for body in Entry.objects.values_list("body", flat=True):
        assert not found(planted, body)


def test_scripts_keep_nothing_in_the_browser_but_settings() -> None:
    """A script that keeps anything must be named here: no draft, no name, no number lies in a browser."""
    kept, cookies, elsewhere = set(), set(), []
    for file in PACKAGE.glob("*/static/**/*.js"):
        if "vendor" in file.parts:
            continue
        text = file.read_text(encoding="utf-8")
        kept |= set(re.findall(r"\b(?:remember|recall)\(\"([^\"]+)\"", text))
        cookies |= set(re.findall(r"\bkeep\(\"([^\"]+)\"", text))
        uses = re.findall(r"sessionStorage|indexedDB|serviceWorker|caches\.open|localStorage", text)
        elsewhere += [(file.name, use) for use in uses if (file.name, use) != ("design.js", "localStorage")]
    assert (kept, cookies, elsewhere) == (KEPT_IN_BROWSER, COOKIES, [])
