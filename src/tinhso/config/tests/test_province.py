"""A province comes in from a folder: all or nothing, every fault named by line, a second time nothing, out the same."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from click.testing import CliRunner

from tinhso.catalogue.models import Procedure
from tinhso.config.commands.province import command
from tinhso.config.province.checking import check_folder
from tinhso.config.province.reading import read_folder
from tinhso.config.province.writing import known_procedures
from tinhso.config.tests.province_folder import write_folder
from tinhso.directory.models import Account, Office, Person, Post, SpecialDay
from tinhso.directory.services.give_code import hash_of_code
from tinhso.journal.api import history
from tinhso.signatures.adapters.demo_pki import Subject, create
from tinhso.signatures.adapters.trust import DemoTrust
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db

#: What is done to the folder: file, line, the text that stands there and what it becomes, the column that is named.
WRONG: tuple[tuple[str, int, str, str, str], ...] = (
    ("co-quan.csv", 2, "000.00.00.H40,H40,", "000.00.00,H40,", "ma"),
    ("co-quan.csv", 3, ",H40.1,", ",40-1,", "ma_2020"),
    ("co-quan.csv", 4, "Sở Thử 2,Sở Thử 2", "Sở Thử 2,", "ten_ngan"),
    ("co-quan.csv", 5, "sở, ban, ngành", "cục", "loai"),
    ("co-quan.csv", 6, "01/01/2021", "31/02/2021", "tu_ngay"),
    ("co-quan.csv", 7, "01/01/2021,", "01/01/2021,01/01/2020", "den_ngay"),
    ("co-quan.csv", 8, "000.00.00.H40,,", "999.00.00.H40,,", "ma_cap_tren"),
    ("co-quan.csv", 10, "000.00.08.H40,", "000.00.07.H40,", "ma"),
    ("co-quan.csv", 11, "000.00.00.H40,,", "000.00.09.H40,,", "ma_cap_tren"),
    ("co-quan.csv", 12, ",Nơi Thử,", ",,", "dia_danh"),
    ("co-quan.csv", 13, "Sở Thử 11,Sở Thử 11", "Sở Thử 11,Sở Thử 11,thừa", ""),
    ("co-quan.csv", 14, "Sở Thử 12,Sở Thử 12", f"{'dài ' * 60},Sở Thử 12", "ten"),
    ("co-quan.csv", 15, ",,,,Nơi Thử", ",x36,,,Nơi Thử", "ma_dia_ban"),
    ("co-quan.csv", 16, ",,,,Nơi Thử", ",,12345,,Nơi Thử", "dien_thoai"),
    ("can-bo.csv", 2, "canbo.0001", "Cán Bộ", "tai_khoan"),
    ("can-bo.csv", 3, "Nguyễn Văn Thử 2", "", "ho_ten"),
    ("can-bo.csv", 4, "02/03/1985", "02/03/85", "ngay_sinh"),
    ("can-bo.csv", 5, "0912000003", "912000003", "dien_thoai"),
    ("can-bo.csv", 6, "canbo5@thu.vn", "canbo5.thu.vn", "thu_dien_tu"),
    ("can-bo.csv", 7, "000.00.05.H40", "000.00.99.H40", "ma_co_quan"),
    ("can-bo.csv", 8, "lãnh đạo", "trưởng phòng", "vai_tro"),
    ("can-bo.csv", 10, "canbo.0009", "canbo.0008", "ho_ten"),
    ("can-bo.csv", 11, "01/01/2021", "01/01/2020", "ma_co_quan"),
    ("can-bo.csv", 12, ",Chủ tịch,", ",,", "chuc_danh"),
    ("can-bo.csv", 13, "01/01/2021,", "01/01/2021,31/12/2020", "den_ngay"),
    ("lich.csv", 2, "02/05/2022", "01/05/2022", "ngay"),
    ("lich.csv", 3, "07/05/2022", "06/05/2022", "ngay"),
    ("lich.csv", 3, "theo báo chí", "chắc chắn", "do_chac"),
    ("thu-tuc.csv", 2, "1.001193", "1.1193", "ma"),
    ("thu-tuc.csv", 3, "2.000815", "9.999999", "ma"),
)


def spoil(folder: Path) -> None:
    """Put every fault in."""
    for file, line, before, after, _column in WRONG:
        lines = (folder / file).read_bytes().decode("utf-8-sig").split("\r\n")
        if file == "lich.csv" and line == 3 and before == "theo báo chí":
            lines.insert(3, "08/05/2022,làm bù,Quyết định thử,chắc chắn")
        else:
            assert before in lines[line - 1], (file, line, lines[line - 1])
            lines[line - 1] = lines[line - 1].replace(before, after, 1)
        (folder / file).write_text("\r\n".join(lines), encoding="utf-8-sig", newline="")


def run(*words: str) -> dict[str, Any]:
    """Run the command and return its document."""
    answer = CliRunner().invoke(command, [*words, "--json"], standalone_mode=False)
    assert answer.exception is None, answer.output
    found: dict[str, Any] = json.loads(answer.output)
    return found


def test_thirty_faults_are_named_by_line_in_one_run_and_nothing_is_written(tmp_path: Path) -> None:
    write_folder(tmp_path / "tinh", staff=40)
    spoil(tmp_path / "tinh")
    document = run("init", str(tmp_path / "tinh"), "--yes")
    named = {(one["file"], one["line"], one["field"]) for one in document["errors"]}
    wanted = {
        (file, 4 if after == "chắc chắn" else line, column) for file, line, _before, after, column in WRONG
    }
    assert len(wanted) == 30
    assert wanted - named == set()
    assert all(one["message"] and one["fix"] for one in document["errors"])
    assert document["changes"] == []
    assert not Office.objects.exists()
    assert not Person.objects.exists()
    assert not SpecialDay.objects.exists()


def test_in_a_second_time_and_out_again(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=60)
    first = run("init", str(folder), "--yes")
    assert first["errors"] == []
    assert first["written"] == 259 + 60 + 2 + 2
    assert (Office.objects.count(), Post.objects.count(), Procedure.objects.count()) == (259, 60, 2)
    assert not Account.objects.get(username="canbo.0001").has_usable_password()
    office = Office.objects.get(code="000.11.31.H40")
    assert [one.event.rsplit(".", 1)[-1] for one in history(f"office:{office.pk}")] == ["TakenIn"]
    second = run("init", str(folder), "--yes")
    assert (second["changes"], second["written"]) == ([], 0)
    run("export", str(tmp_path / "ra"))
    for file in ("co-quan.csv", "ke-tuc.csv", "can-bo.csv", "lich.csv"):
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


def test_semicolons_and_other_encodings(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=5)
    text = (folder / "lich.csv").read_text("utf-8-sig")
    (folder / "lich.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    assert run("check", str(folder))["errors"] == []
    (folder / "lich.csv").write_bytes(text.encode("utf-16"))
    (error,) = run("check", str(folder))["errors"]
    assert "UTF-8" in error["sentence"]
    (folder / "lich.csv").unlink()
    (error,) = run("check", str(folder))["errors"]
    assert error["sentence"] == "lich.csv: Thiếu tệp này trong thư mục. Thêm tệp, ít nhất có dòng tên cột."


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
    read = read_folder(folder)
    check_folder(read, procedures=known_procedures())
    assert [one.field for one in read.errors] == ["tai_khoan"]


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
    again = CliRunner().invoke(command, words, standalone_mode=False)
    assert again.exit_code == 0
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    wrong = CliRunner().invoke(command, [*words[:-1], "000.00.99.H40"], standalone_mode=False)
    assert "province init" in str(wrong.exception)
