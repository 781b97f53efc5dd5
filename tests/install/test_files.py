"""What `tinhso install` writes, and what it never does."""

from __future__ import annotations

import datetime as dt
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.language import foreign_in_page
from tinhso.config import up
from tinhso.config.cli import Commands
from tinhso.config.commands.install import command
from tinhso.config.install import drawing, heads
from tinhso.config.install.certificate import make_self_signed
from tinhso.config.install.choice import Choice, ChoiceNotPossible, table
from tinhso.config.install.drawing import draw, read_settings

DOMAIN = "dichvucong.example.gov.vn"


@pytest.fixture(autouse=True)
def _no_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make no accounts on the machine of the tests; `test_machine` does, in a root of its own."""
    monkeypatch.setattr("tinhso.config.install.writing.make_accounts", lambda root: [])


def _install(root: Path, *more: str) -> dict[str, Any]:
    done = CliRunner().invoke(command, ["--root", str(root), "--domain", DOMAIN, "--json", *more])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.output)
    return told


def test_secrets_are_fresh_and_readable_by_few(tmp_path: Path) -> None:
    _install(tmp_path / "a")
    _install(tmp_path / "b")
    one, other = (read_settings(tmp_path / name / "etc/tinhso/tinhso.env") for name in "ab")
    assert len(one["TINHSO_SECRET_KEY"]) >= 50
    assert one["TINHSO_SECRET_KEY"] != other["TINHSO_SECRET_KEY"]
    modes = {
        name: stat.S_IMODE((tmp_path / "a/etc/tinhso" / name).stat().st_mode)
        for name in ("tinhso.env", "backup.key")
    }
    assert modes == {"tinhso.env": 0o640, "backup.key": 0o640}


def test_settings_are_never_written_over_and_the_difference_is_shown(tmp_path: Path) -> None:
    _install(tmp_path)
    settings = tmp_path / "etc/tinhso/tinhso.env"
    mine = settings.read_text("utf-8").replace("TINHSO_PORT='8000'", "TINHSO_PORT='8001'")
    settings.write_text(mine, "utf-8")
    told = _install(tmp_path)
    assert settings.read_text("utf-8") == mine
    assert (told["written"], told["differs"]) == ([], ["/etc/tinhso/tinhso.env"])
    assert "-TINHSO_PORT='8001'" in told["diff"]
    assert "+TINHSO_PORT='8000'" in told["diff"]


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    database = "postgresql://owner:mat-khau-rat-bi-mat@db.example/tinhso"
    told = _install(tmp_path, "--database", database)
    again = _install(tmp_path, "--database", database.replace("rat", "khac"), "--dry-run")
    found = read_settings(tmp_path / "etc/tinhso/tinhso.env")
    shown = json.dumps([told, again])
    key = (tmp_path / "etc/tinhso/backup.key").read_text("ascii").strip()
    assert found["TINHSO_SECRET_KEY"] not in shown
    assert key not in shown
    assert "bi-mat" not in shown


def test_the_owners_password_is_for_the_migration_alone(tmp_path: Path) -> None:
    _install(tmp_path, "--database", "postgresql://owner:mat-khau-rat-bi-mat@db.example:5433/tinhso")
    settings = tmp_path / "etc/tinhso/tinhso.env"
    assert read_settings(settings)["TINHSO_DATABASE_URL"] == "postgresql://owner@db.example:5433/tinhso"
    assert read_settings(settings.with_name("owner.env")) == {"PGPASSWORD": "mat-khau-rat-bi-mat"}
    units = tmp_path / "etc/systemd/system"
    readers = [unit.name for unit in units.glob("*.service") if "owner.env" in unit.read_text("utf-8")]
    assert readers == ["tinhso-prepare.service"]
    assert not (units / "tinhso-postgres.service").exists()
    assert not any("tinhso-postgres" in unit.read_text("utf-8") for unit in units.iterdir())


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    told = _install(tmp_path, "--dry-run")
    assert list(tmp_path.iterdir()) == []
    assert "/etc/tinhso/tinhso.env" in told["written"]
    assert "+User=tinhso" in told["diff"]


def test_a_changed_unit_is_put_back_and_shown(tmp_path: Path) -> None:
    _install(tmp_path)
    unit = tmp_path / "etc/systemd/system/tinhso-web.service"
    right = unit.read_text("utf-8")
    unit.write_text(right.replace("NoNewPrivileges=yes\n", ""), "utf-8")
    told = _install(tmp_path)
    assert unit.read_text("utf-8") == right
    assert "+NoNewPrivileges=yes" in told["diff"]


def test_every_process_of_the_supervisor_has_a_unit() -> None:
    wanted = {child.name for child in up.children("127.0.0.1", 8000, is_demo=False)}
    assert wanted <= {one["name"] for one in table()["processes"]}
    roles = {child.name: child.environment.get("TINHSO_ROLE") for child in up.children("127.0.0.1", 1, is_demo=False)}
    for one in table()["processes"]:
        assert one["environment"].get("TINHSO_ROLE") == roles.get(one["name"]), one["name"]


def test_what_needs_nothing_outside_the_machine_does_not_reach_it(tmp_path: Path) -> None:
    _install(tmp_path)
    units = tmp_path / "etc/systemd/system"
    closed = {unit.stem for unit in units.glob("*.service") if "IPAddressDeny=any" in unit.read_text("utf-8")}
    assert closed == {f"tinhso-{name}" for name in ("postgres", "publisher", "sealer", "archiver")}
    assert "PrivateNetwork=yes" in (units / "tinhso-heads.service").read_text("utf-8")


def test_every_command_of_a_unit_exists() -> None:
    known = Commands().list_commands(None)  # type: ignore[arg-type]
    for drawn in draw(Choice(DOMAIN)):
        for name in re.findall(r"ExecStart=\S+/tinhso (\S+)", drawn.text):
            assert name in known, f"{drawn.path}: {name}"


def test_every_template_is_drawn_whole() -> None:
    for choice in (Choice(DOMAIN), Choice(DOMAIN, files_domain=f"tep.{DOMAIN}", database="postgresql://o:p@h/d")):
        for drawn in draw(choice):
            assert not re.search(r"@[a-z_]+@", drawn.text), drawn.path


@pytest.mark.parametrize(
    "choice",
    [
        Choice("https://dichvucong.example.gov.vn"),
        Choice("Dich Vu Cong"),
        Choice("x;return 200"),
        Choice(DOMAIN, files_domain=DOMAIN),
        Choice(DOMAIN, database="mysql://o:p@h/d"),
        Choice(DOMAIN, data="/var/lib/x'\nUser=root"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_a_sentence(choice: Choice) -> None:
    with pytest.raises(ChoiceNotPossible, match="ví dụ|dạng|không được"):
        choice.refuse_impossible()


def test_the_pages_of_the_web_server_are_vietnamese_and_carry_one_style() -> None:
    for page in sorted((drawing.FILES / "pages").glob("*.html")):
        text = page.read_text("utf-8")
        assert foreign_in_page(text.replace("https://", "")) == [], page.name
        assert "<script" not in text
    assert drawing._style_hash()


def test_heads_are_only_added_to(tmp_path: Path) -> None:
    source = tmp_path / "heads.jsonl"
    kept = tmp_path / "kept"
    kept.mkdir()
    assert heads.keep(source, kept) == 0
    source.write_text('{"n": 1}\n{"n": 2}\n{"n"')
    assert heads.keep(source, kept) == 18
    source.write_text('{"n": 1}\n{"n": 2}\n{"n": 3}\n')
    heads.keep(source, kept)
    assert (kept / heads.KEPT).read_text() == source.read_text()


@pytest.mark.parametrize("now", ['{"n": 9}\n{"n": 2}\n', '{"n": 1}\n', ""])
def test_rewritten_heads_are_laid_aside(tmp_path: Path, now: str) -> None:
    source = tmp_path / "heads.jsonl"
    kept = tmp_path / "kept"
    kept.mkdir()
    source.write_text('{"n": 1}\n{"n": 2}\n')
    heads.keep(source, kept)
    source.write_text(now)
    with pytest.raises(heads.HeadsDiffer, match="verify-journal"):
        heads.keep(source, kept)
    assert (kept / heads.KEPT).read_text() == '{"n": 1}\n{"n": 2}\n'
    assert len(list(kept.iterdir())) == 2


def test_a_certificate_that_is_there_is_left_alone(tmp_path: Path) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate, key = tmp_path / "a.pem", tmp_path / "a.key"
    assert make_self_signed(certificate, key, [DOMAIN], at)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = certificate.read_bytes()
    assert not make_self_signed(certificate, key, [DOMAIN], at)
    assert certificate.read_bytes() == before
