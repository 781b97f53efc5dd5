"""A drill: a thief sits in an officer's account and looks at forty people; the kit names exactly these forty."""

from __future__ import annotations

import csv
import datetime as dt
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import override_settings

from tests.security.protection.test_looks import WITH_IT
from tinhso.catalogue.api import import_sheets
from tinhso.config.commands import breach as breach_command
from tinhso.config.protection.breach import Asked, CannotAsk, Report, list_breach
from tinhso.directory.api import SYSTEM, Account, LookKind, Office, load_demo
from tinhso.directory.models import OpenSession, SignInTried
from tinhso.directory.queries import actor_of
from tinhso.dossiers.api import note_look
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.load_history import load_history
from tinhso.dossiers.tests.desk import browser
from tinhso.journal.models import Entry
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
NIGHT = NOW.replace(hour=2, minute=0)
FORTY = 40
HOUR = dt.timedelta(hours=1)
NO_SHIFT = dt.timedelta(0)


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> None:
    """Load a small history: officers everywhere, and what they have to read."""

    def load() -> None:
        load_demo(key="k")
        import_sheets(by=SYSTEM, at=NOW)
        load_history(key="k", until=NOW, lives=700)

    filled(load)


@pytest.fixture
def thief(loaded: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Return the account of the inspector, who may open everything: the worst that can be stolen."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Account.objects.get(username="an")


def rows_of(folder: Path, name: str = "nguoi-bi-anh-huong.csv") -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ask(folder: Path, **more: Any) -> Report:
    asked = Asked(**{"since": NIGHT, "until": NIGHT + HOUR, **more})
    return list_breach(asked, folder, at=NOW, shift=NO_SHIFT)


def test_the_kit_names_exactly_the_forty_that_were_looked_at(
    thief: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    different: dict[str, Dossier] = {}
    for dossier in Dossier.objects.order_by("pk"):
        different.setdefault(dossier.owner_name, dossier)
    chosen = list(different.values())
    forty, innocent = chosen[10 : 10 + FORTY], chosen[60:75]
    assert len(forty) == FORTY
    SignInTried.objects.create(
        account=thief, at=NIGHT, outcome="signed_in", address="203.0.113.9", device="Máy lạ"
    )
    OpenSession.objects.create(
        account=thief,
        session_key="stolen",
        began_at=NIGHT,
        seen_at=NIGHT,
        address="203.0.113.9",
        device="Máy lạ",
    )
    session = browser(actor_of(thief.pk, NOW.date()))
    with override_settings(MIDDLEWARE=WITH_IT):
        for k, dossier in enumerate(forty):
            monkeypatch.setattr(clock, "now", lambda k=k: NIGHT + dt.timedelta(seconds=60 * k))
            assert session.get(f"/mot-cua/ho-so/{dossier.tracking_code}/").status_code == 200
    # Others look at others, in the same hour; the thief's victim was at work on the day before.
    clerk = next(
        actor
        for actor in (actor_of(pk, NOW.date()) for pk in Account.objects.values_list("pk", flat=True))
        if actor.is_officer and actor.account_id != thief.pk
    )
    for dossier in innocent:
        look(clerk, dossier, NIGHT + dt.timedelta(minutes=5))
        look(actor_of(thief.pk, NOW.date()), dossier, NIGHT - dt.timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: NOW)

    report = ask(tmp_path / "kit", account="an")

    rows = rows_of(tmp_path / "kit")
    assert {row["ho_so"] for row in rows} == {str(dossier) for dossier in forty}
    assert {row["chu_ho_so"] for row in rows} == {dossier.owner_name for dossier in forty}
    assert (report.dossiers, report.people) == (FORTY, FORTY)
    assert (report.first, report.last) == (NIGHT, NIGHT + dt.timedelta(minutes=39))
    assert [(user, n) for user, _name, _office, n in report.accounts] == [("an", FORTY)]
    assert "số giấy tờ tùy thân" in report.kinds
    ways = rows_of(tmp_path / "kit", "dang-nhap.csv")
    assert {way["dia_chi_mang"] for way in ways} == {"203.0.113.9"}
    assert {row["qua_tai_khoan"] for row in rows} == {"an"}
    # Whoever asks for every look of that hour finds the clerk's too, and no more.
    assert ask(tmp_path / "all").dossiers == FORTY + len(innocent)
    assert ask(tmp_path / "later", since=NOW, until=NOW + HOUR).dossiers == 0


def look(actor: Any, dossier: Dossier, at: dt.datetime) -> None:
    note_look(by=actor, at=at, named_by="code", name=dossier.tracking_code, kind=LookKind.PAGE)


def test_the_list_is_for_its_owner_only_and_the_journal_knows_that_it_was_made(
    thief: Account, tmp_path: Path
) -> None:
    dossier = Dossier.objects.order_by("pk")[0]
    look(actor_of(thief.pk, NOW.date()), dossier, NIGHT)
    ask(tmp_path / "kit")
    for file in (tmp_path / "kit").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert stat.S_IMODE((tmp_path / "kit").stat().st_mode) == 0o700
    body = Entry.objects.filter(about="breach").get().body
    assert json.loads(body)["data"]["rows"] == 1
    assert dossier.owner_name not in body
    letter = (tmp_path / "kit/thu-bao-nguoi-dan.txt").read_text(encoding="utf-8")
    assert "xin lỗi" in letter
    assert dossier.owner_name not in letter
    assert "Số hồ sơ: 1. Số người: 1." in (tmp_path / "kit/bao-cao.txt").read_text(encoding="utf-8")


def test_by_office_and_by_whole_table(thief: Account, tmp_path: Path) -> None:
    look(actor_of(thief.pk, NOW.date()), Dossier.objects.order_by("pk")[0], NIGHT)
    office = Office.objects.get(pk=actor_of(thief.pk, NOW.date()).posts[0].office_id)
    assert ask(tmp_path / "office", office=office.code).dossiers == 1
    whole = ask(tmp_path / "whole", table="dossiers_dossier", until=NOW)
    assert whole.dossiers == Dossier.objects.filter(submitted_at__lte=NOW).count() > 600
    assert whole.people <= whole.dossiers
    people = ask(tmp_path / "people", table="directory_person")
    assert people.dossiers > 100
    assert "ngày sinh, giới tính" in people.kinds


@pytest.mark.parametrize(
    "wrong", [{"account": "nobody"}, {"office": "X"}, {"table": "pg_class"}, {"until": NIGHT - HOUR}]
)
def test_a_question_that_is_not_understood_is_refused(
    thief: Account, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(CannotAsk):
        ask(tmp_path / "kit", **wrong)


def test_the_command_says_it_in_words_and_as_data(
    thief: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(actor_of(thief.pk, NOW.date()), Dossier.objects.order_by("pk")[0], NIGHT)
    told = CliRunner().invoke(
        breach_command.command,
        ["--since", "2022-05-10T01:00", "--account", "an", "--to", str(tmp_path / "a"), "--json"],
    )
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["dossiers"] == 1
    said = CliRunner().invoke(breach_command.command, ["--since", "2022-05-10", "--to", str(tmp_path / "b")])
    assert "1 hồ sơ của 1 người" in said.output
    both = CliRunner().invoke(
        breach_command.command, ["--since", "2022-05-10", "--account", "an", "--office", "x"]
    )
    assert "Chọn một trong" in both.output
    assert CliRunner().invoke(breach_command.command, ["--since", "hôm qua"]).exit_code == 2
