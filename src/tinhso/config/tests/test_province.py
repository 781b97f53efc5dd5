"""A province comes in from a folder: all or nothing, every fault named by line, a second time nothing, out the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import psycopg
import pytest
from asn1crypto import pem, x509
from click.testing import CliRunner

from tinhso.catalogue.models import Procedure, ServiceLevel
from tinhso.config.commands.province import command
from tinhso.config.province.comparing import compare
from tinhso.config.province.holding import held_rows
from tinhso.config.province.reading import read_folder
from tinhso.config.province.writing import ChangedMeanwhile, take_in_province
from tinhso.config.tests.province_folder import run, write_folder
from tinhso.directory.api import changes_of
from tinhso.directory.models import Account, Invitation, Office, Person, Post
from tinhso.directory.services.give_code import hash_of_code
from tinhso.journal.api import history
from tinhso.journal.models import Entry
from tinhso.signatures.adapters.demo_pki import Subject, create
from tinhso.signatures.adapters.trust import DemoTrust
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db

def test_in_a_second_time_and_out_again(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=60)
    first = run("init", str(folder), "--yes")
    assert first["errors"] == []
    assert first["written"] == 259 + 60 + 2 + 2 + 2
    assert (Office.objects.count(), Post.objects.count(), Procedure.objects.count()) == (259, 60, 2)
    assert not Account.objects.get(username="canbo.0001").has_usable_password()
    office = Office.objects.get(code="000.11.31.H40")
    assert [one.event.rsplit(".", 1)[-1] for one in history(f"office:{office.pk}")] == ["TakenIn"]
    second = run("init", str(folder), "--yes")
    assert (second["changes"], second["written"]) == ([], 0)
    run("export", str(tmp_path / "ra"))
    for file in ("tinh.csv", "co-quan.csv", "ke-tuc.csv", "can-bo.csv", "lich.csv"):
        assert (tmp_path / "ra" / file).read_bytes() == (folder / file).read_bytes(), file
    assert run("init", str(tmp_path / "ra"), "--yes")["written"] == 0


def test_only_what_differs_is_changed_and_what_the_folder_lacks_stays(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=20)
    run("init", str(folder), "--yes")
    officers = (folder / "can-bo.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    officers[2] = officers[2].replace("Nguyễn Văn Thử 2", "Nguyễn Văn Đổi")
    del officers[5]
    (folder / "can-bo.csv").write_text("\r\n".join(officers), encoding="utf-8", newline="")
    document = run("init", str(folder), "--yes")
    (change,) = document["changes"]
    assert change["what"] == "change"
    assert change["fields"] == {"ho_ten": {"from": "Nguyễn Văn Thử 2", "to": "Nguyễn Văn Đổi"}}
    assert len(document["only_here"]["can-bo.csv"]) == 1
    assert Post.objects.count() == 20
    assert Person.objects.get(account__username="canbo.0002").name == "Nguyễn Văn Đổi"


def test_a_cell_that_a_spreadsheet_would_reckon_out_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=5)
    text = (folder / "can-bo.csv").read_text("utf-8-sig").replace("Nguyễn Văn Thử 2,", "=1+1,")
    (folder / "can-bo.csv").write_text(text, encoding="utf-8", newline="")
    run("init", str(folder), "--yes")
    run("export", str(tmp_path / "ra"))
    assert ",'=1+1," in (tmp_path / "ra/can-bo.csv").read_text("utf-8-sig")
    assert run("init", str(tmp_path / "ra"), "--yes")["written"] == 0
    assert Person.objects.get(account__username="canbo.0002").name == "=1+1"


def test_certificates_are_read_and_must_fit(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=5)
    create(tmp_path / "pki", base_url="http://127.0.0.1:9")
    _seal(DemoTrust(tmp_path / "pki", url="http://127.0.0.1:9"), folder)
    document = run("init", str(folder), "--yes")
    assert document["errors"] == []
    assert run("init", str(folder), "--yes")["written"] == 0
    run("export", str(tmp_path / "ra"))
    assert (tmp_path / "ra/chung-thu.csv").read_bytes() == (folder / "chung-thu.csv").read_bytes()
    lines = (
        (folder / "chung-thu.csv").read_bytes().decode("utf-8-sig").replace("con dấu,", "con dấu,canbo.0001")
    )
    (folder / "chung-thu.csv").write_text(lines, encoding="utf-8-sig", newline="")
    errors = run("check", str(folder))["errors"]
    assert {one["field"] for one in errors} == {"tai_khoan"}


def _seal(authority: DemoTrust, folder: Path) -> None:
    text = authority.issue(
        Subject(office="UBND tỉnh Thử Nghiệm", office_code="000.00.00.H40"),
        edition=0,
        valid_from=dt.datetime(2022, 1, 1, tzinfo=clock.VN),
        valid_to=dt.datetime(2027, 1, 1, tzinfo=clock.VN),
    ).decode("ascii")
    serial = f"{x509.Certificate.load(pem.unarmor(text.encode())[2]).serial_number:x}"
    (folder / "chung-thu").mkdir()
    (folder / f"chung-thu/{serial}.pem").write_text(text, encoding="ascii", newline="")
    head = "so_hieu,loai,tai_khoan,ma_co_quan,chuc_danh,tep,thu_hoi_luc,ly_do_thu_hoi"
    row = f"{serial},con dấu,,000.00.00.H40,,{serial}.pem,,"
    (folder / "chung-thu.csv").write_text(f"{head}\r\n{row}\r\n", encoding="utf-8-sig", newline="")


def _edit(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_bytes().decode("utf-8-sig")
    assert before in text
    (folder / file).write_text(text.replace(before, after), encoding="utf-8-sig", newline="")


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """Give a small folder that was taken in."""
    write_folder(tmp_path / "tinh", staff=5)
    assert run("init", str(tmp_path / "tinh"), "--yes")["errors"] == []
    return tmp_path / "tinh"


def test_levels_and_history_come_in_and_a_change_says_from_what_to_what(taken: Path) -> None:
    levels = ServiceLevel.objects.filter(procedure__code="1.001193").order_by("valid_from")
    assert [(one.level, one.decision_number, one.is_illustrative) for one in levels] == [
        (3, "1/QĐ-THU", False),
        (4, "", True),
    ]
    _edit(taken, "co-quan.csv", "UBND xã Nháp 1,UBND xã Nháp 1,", "UBND xã Nháp Mới,UBND xã Nháp 1,")
    _edit(taken, "muc-do.csv", "Chưa trả tiền qua mạng", "Chưa trả kết quả qua mạng")
    assert run("init", str(taken), "--yes")["written"] == 2
    office = Office.objects.get(code="000.11.31.H40")
    assert office.folded.startswith("ubnd xa nhap moi")
    (changed, _added) = changes_of(f"office:{office.pk}")
    assert (changed.before, changed.after) == ("Tên: UBND xã Nháp 1", "Tên: UBND xã Nháp Mới")
    assert levels.first().reason == "Chưa trả kết quả qua mạng"


def test_the_journal_names_no_person(taken: Path) -> None:
    _edit(taken, "can-bo.csv", "Nguyễn Văn Thử 3,", "Nguyễn Văn Kín,")
    run("init", str(taken), "--yes")
    bodies = " ".join(Entry.objects.values_list("body", flat=True))
    assert "TakenIn" in bodies
    assert "ho_ten" in bodies
    for word in ("Nguyễn", "Kín", "0912000", "canbo.0003", "@thu.vn", "1985"):
        assert word not in bodies


def test_a_file_locks_an_account_and_opens_none(taken: Path) -> None:
    Account.objects.filter(username="canbo.0002").update(is_active=False)
    document = run("init", str(taken), "--yes")
    assert document["changes"] == []
    assert [(one["line"], one["field"]) for one in document["warnings"]] == [(3, "tinh_trang")]
    assert not Account.objects.get(username="canbo.0002").is_active
    _edit(taken, "can-bo.csv", "canbo3@thu.vn,,", "canbo3@thu.vn,đóng,")
    (change,) = run("init", str(taken), "--yes")["changes"]
    assert change["fields"] == {"tinh_trang": {"from": "", "to": "đóng"}}
    account = Account.objects.get(username="canbo.0003")
    assert not account.is_active
    assert account.closed_at is not None


def test_a_second_post_shows_what_it_changes_of_its_holder(taken: Path) -> None:
    row = "canbo.0002,Nguyễn Văn Hai,02/03/1985,0912000001,canbo2@thu.vn,,000.00.02.H40,văn thư,Văn thư,01/01/2022,"
    head = (taken / "can-bo.csv").read_bytes().decode("utf-8-sig").split("\r\n")[0]
    (taken / "can-bo.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    document = run("init", str(taken), "--yes")
    (change,) = document["changes"]
    assert (change["what"], change["fields"]) == (
        "add",
        {"ho_ten": {"from": "Nguyễn Văn Thử 2", "to": "Nguyễn Văn Hai"}},
    )
    assert len(document["only_here"]["can-bo.csv"]) == 5
    assert Post.objects.filter(person__name="Nguyễn Văn Hai").count() == 2


def test_the_difference_is_shown_and_asked_for_on_the_terminal(taken: Path) -> None:
    _edit(taken, "can-bo.csv", "Nguyễn Văn Thử 3,", "Nguyễn Văn Ba,")
    no = CliRunner().invoke(command, ["init", str(taken)], input="n\n")
    assert "ho_ten: “Nguyễn Văn Thử 3” thành “Nguyễn Văn Ba”" in no.output
    assert no.exit_code == 1
    assert not Person.objects.filter(name="Nguyễn Văn Ba").exists()
    yes = CliRunner().invoke(command, ["init", str(taken)], input="y\n")
    assert "Đã ghi 1 thay đổi." in yes.output
    assert Person.objects.filter(name="Nguyễn Văn Ba").exists()
    assert "Không có gì để ghi." in CliRunner().invoke(command, ["init", str(taken)]).output


def test_what_changed_since_it_was_shown_is_not_written(taken: Path) -> None:
    _edit(taken, "can-bo.csv", "Nguyễn Văn Thử 3,", "Nguyễn Văn Ba,")
    read = read_folder(taken)
    seen = compare(read, held_rows())
    Person.objects.filter(account__username="canbo.0003").update(name="Người Khác Sửa")
    with pytest.raises(ChangedMeanwhile):
        take_in_province(read, seen, at=clock.now())
    assert not Person.objects.filter(name="Nguyễn Văn Ba").exists()


def test_a_fault_of_the_database_undoes_everything(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object, **_more: object) -> None:
        raise OSError

    _edit(taken, "can-bo.csv", "Nguyễn Văn Thử 3,", "Nguyễn Văn Ba,")
    entries = Entry.objects.count()
    read = read_folder(taken)
    monkeypatch.setattr("tinhso.config.province.writing.take_in_levels", broken)
    with pytest.raises(OSError):
        take_in_province(read, compare(read, held_rows()), at=clock.now())
    assert not Person.objects.filter(name="Nguyễn Văn Ba").exists()
    assert Entry.objects.count() == entries


def test_two_do_not_take_a_folder_in_at_once(tmp_path: Path, owner: psycopg.Connection[Any]) -> None:
    write_folder(tmp_path / "tinh", staff=5)
    owner.execute("select pg_advisory_lock(7036000)")
    answer = CliRunner().invoke(command, ["init", str(tmp_path / "tinh"), "--json"], standalone_mode=False)
    assert "Một lệnh khác đang đưa thư mục vào" in str(answer.exception)
    assert not Office.objects.exists()
    owner.execute("select pg_advisory_unlock(7036000)")
    assert run("init", str(tmp_path / "tinh"))["written"] > 200


def test_a_known_certificate_keeps_its_holder_and_is_revoked_for_good(taken: Path, tmp_path: Path) -> None:
    create(tmp_path / "pki", base_url="http://127.0.0.1:9")
    _seal(DemoTrust(tmp_path / "pki", url="http://127.0.0.1:9"), taken)
    assert run("init", str(taken))["written"] == 1
    _edit(taken, "chung-thu.csv", "000.00.00.H40", "000.00.01.H40")
    assert [one["field"] for one in run("check", str(taken))["errors"]] == ["ma_co_quan"]
    _edit(taken, "chung-thu.csv", "000.00.01.H40", "000.00.00.H40")
    _edit(taken, "chung-thu.csv", ".pem,,", ".pem,2022-05-10T08:30:00+07:00,mất khóa")
    assert run("init", str(taken))["written"] == 1
    _edit(taken, "chung-thu.csv", ".pem,2022-05-10T08:30:00+07:00,mất khóa", ".pem,,")
    assert [one["field"] for one in run("check", str(taken))["errors"]] == ["thu_hoi_luc"]


def test_the_first_administrator_gets_a_code_and_no_password(tmp_path: Path) -> None:
    write_folder(tmp_path / "tinh", staff=5)
    run("init", str(tmp_path / "tinh"), "--yes")
    words = ["first-admin", "--account", "quan.tri", "--name", "Quản Thử", "--office", "000.00.11.H40"]
    answer = CliRunner().invoke(command, words, standalone_mode=False)
    code = answer.output.split("Mã dùng một lần: ")[1].split("\n")[0]
    account = Account.objects.get(username="quan.tri")
    assert not account.has_usable_password()
    row = account.invitations.get()
    assert (row.code_hash, row.purpose, row.created_by) == (hash_of_code(code.upper()), "activate", None)
    assert code.replace("-", "") not in row.code_hash
    assert row.expires_at - row.created_at == dt.timedelta(hours=2)
    again = CliRunner().invoke(command, words, standalone_mode=False)
    assert again.exit_code == 0
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert account.invitations.count() == 2
    assert {one.what for one in changes_of(f"person:{account.person_id}")} == {
        "Lập quản trị viên trên máy chủ",
        "Cấp lại mã trên máy chủ",
    }
    bodies = " ".join(Entry.objects.values_list("body", flat=True))
    assert row.code_hash not in bodies
    assert "Quản Thử" not in bodies


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--office", "000.00.99.H40"], "province init"),
        (["--account", "Quan Tri"], "chữ thường không dấu"),
        (["--account", "canbo.0002"], "không làm quản trị"),
        (["--account", "canbo.0001"], "đã đặt mật khẩu"),
        (["--name", " "], "không để trống"),
    ],
)
def test_the_console_gives_no_code_for(taken: Path, words: list[str], says: str) -> None:
    account = Account.objects.get(username="canbo.0001")
    account.set_password("mat-khau-cua-toi-1")
    account.save()
    usual = ["--account", "quan.tri", "--name", "Quản Thử", "--office", "000.00.11.H40"]
    answer = CliRunner().invoke(command, ["first-admin", *usual, *words], standalone_mode=False)
    assert says in str(answer.exception)
    assert not Invitation.objects.exists()
