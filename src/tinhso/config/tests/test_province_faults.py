"""Every fault of a province's folder is named by file, line and column in one run, and nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import pem, x509

from tinhso.config.tests.province_folder import run, write_folder
from tinhso.directory.models import Account, Change, Office, Person, Post, SpecialDay
from tinhso.journal.models import Entry
from tinhso.signatures.adapters.demo_pki import Subject, create
from tinhso.signatures.adapters.trust import DemoTrust
from tinhso.signatures.models import Certificate
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db

Lines = list[str]
Edit = Callable[[Lines], str]


def _to(before: str, after: str, line: int) -> Edit:
    def edit(lines: Lines) -> str:
        assert before in lines[line - 1], lines[line - 1]
        return lines[line - 1].replace(before, after, 1)

    return edit


def _fault(file: str, line: int, before: str, after: str, column: str) -> tuple[str, int, Edit, str]:
    return file, line, _to(before, after, line), column


def _code_of(line: int, other: int) -> Edit:
    """Give a line the code of another one."""
    return lambda lines: lines[other - 1].split(",")[0] + "," + lines[line - 1].split(",", 1)[1]


def _same_account(lines: Lines) -> str:
    """Give the person of line 10 the account, phone and mail of line 9, but not the name."""
    return (
        lines[9]
        .replace("canbo.0009", "canbo.0008")
        .replace("0912000008", "0912000007")
        .replace("canbo9@", "canbo8@")
    )


#: Where, what is done to the line, the column that must be named.
FAULTS: tuple[tuple[str, int, Edit, str], ...] = (
    _fault("tinh.csv", 2, "H40,Nơi Thử", "H40,Nơi Khác", "ten"),
    _fault("co-quan.csv", 3, ",H40.1,", ",40-1,", "ma_2020"),
    _fault("co-quan.csv", 4, "Sở Thử 2,Sở Thử 2", "Sở Thử 2,", "ten_ngan"),
    _fault("co-quan.csv", 5, "sở, ban, ngành", "cục", "loai"),
    _fault("co-quan.csv", 6, "01/01/2021", "31/02/2021", "tu_ngay"),
    _fault("co-quan.csv", 7, "01/01/2021,", "01/01/2021,01/01/2020", "den_ngay"),
    _fault("co-quan.csv", 8, "000.00.00.H40,,", "999.00.00.H40,,", "ma_cap_tren"),
    _fault("co-quan.csv", 9, "000.00.00.H40,,", "000.00.07.H40,,", "ma_cap_tren"),
    _fault("co-quan.csv", 11, "000.00.00.H40,,", "000.00.10.H40,,", "ma_cap_tren"),
    _fault("co-quan.csv", 12, "000.00.00.H40,,", "000.00.09.H40,,", "ma_cap_tren"),
    _fault("co-quan.csv", 13, ",Nơi Thử,", ",,", "dia_danh"),
    _fault("co-quan.csv", 14, "Sở Thử 12,Sở Thử 12", "Sở Thử 12,Sở Thử 12,thừa", ""),
    _fault("co-quan.csv", 15, "Sở Thử 13,Sở Thử 13", f"{'dài ' * 60},Sở Thử 13", "ten"),
    _fault("co-quan.csv", 16, ",,,,Nơi Thử", ",x36,,,Nơi Thử", "ma_dia_ban"),
    _fault("co-quan.csv", 17, ",,,,Nơi Thử", ",,12345,,Nơi Thử", "dien_thoai"),
    _fault("co-quan.csv", 18, "01/01/2021", "01/01/2020", "ma_cap_tren"),
    _fault("co-quan.csv", 200, ".H40,", ",", "ma"),
    ("co-quan.csv", 210, _code_of(210, 209), "ma"),
    (
        "co-quan.csv",
        261,
        lambda lines: lines[219].replace("01/01/2021", "01/06/2021") + "\r\n",
        "tu_ngay",
    ),
    _fault("can-bo.csv", 2, "canbo.0001", "Cán Bộ", "tai_khoan"),
    _fault("can-bo.csv", 3, "Nguyễn Văn Thử 2", "", "ho_ten"),
    _fault("can-bo.csv", 4, "02/03/1985", "02/03/85", "ngay_sinh"),
    _fault("can-bo.csv", 5, "0912000003", "912000003", "dien_thoai"),
    _fault("can-bo.csv", 6, "canbo5@thu.vn", "canbo5.thu.vn", "thu_dien_tu"),
    _fault("can-bo.csv", 7, "000.00.05.H40", "000.00.99.H40", "ma_co_quan"),
    _fault("can-bo.csv", 8, "lãnh đạo", "trưởng phòng", "vai_tro"),
    ("can-bo.csv", 10, _same_account, "ho_ten"),
    _fault("can-bo.csv", 11, "01/01/2021", "01/01/2020", "ma_co_quan"),
    _fault("can-bo.csv", 12, ",Chủ tịch,", ",,", "chuc_danh"),
    _fault("can-bo.csv", 13, "01/01/2021,", "01/01/2021,31/12/2020", "den_ngay"),
    _fault("lich.csv", 2, "02/05/2022", "01/05/2022", "ngay"),
    _fault("lich.csv", 3, "07/05/2022", "06/05/2022", "ngay"),
    _fault("thu-tuc.csv", 3, "2.000815", "9.999999", "ma"),
    _fault("muc-do.csv", 3, "01/01/2022", "01/12/2021", "tu_ngay"),
)
#: Faults of certificates, which ``_certificates`` plants.
PAPERS = {
    ("chung-thu.csv", 2, "tep"),
    ("chung-thu.csv", 3, "tep"),
    ("chung-thu.csv", 4, "tep"),
    ("chung-thu.csv", 5, "so_hieu"),
}


def spoil(folder: Path) -> None:
    """Put every fault in."""
    for file, line, edit, _column in FAULTS:
        lines = (folder / file).read_bytes().decode("utf-8-sig").split("\r\n")
        lines[line - 1] = edit(lines)
        (folder / file).write_text("\r\n".join(lines), encoding="utf-8-sig", newline="")


def _certificates(folder: Path, home: Path) -> None:
    """Plant a broken file, a file that lacks, a certificate of somebody else, and a wrong serial number."""
    create(home, base_url="http://127.0.0.1:9")
    authority = DemoTrust(home, url="http://127.0.0.1:9")
    (folder / "chung-thu").mkdir()
    issued = [
        authority.issue(
            Subject("Sở Thử 20", "000.00.20.H40", person="Nguyễn Văn Khác", post="Chủ tịch"),
            edition=n,
            valid_from=dt.datetime(2022, 1, 1, tzinfo=clock.VN),
            valid_to=dt.datetime(2037, 1, 1, tzinfo=clock.VN),
        )
        for n in (0, 1)
    ]
    for n, text in enumerate(issued):
        (folder / f"chung-thu/{n}.pem").write_bytes(text)
    (folder / "chung-thu/hong.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    serial = f"{x509.Certificate.load(pem.unarmor(issued[0])[2]).serial_number:x}"
    rows = (
        "so_hieu,loai,tai_khoan,ma_co_quan,chuc_danh,tep,thu_hoi_luc,ly_do_thu_hoi",
        "aa,con dấu,,000.00.18.H40,,hong.pem,,",
        "ab,con dấu,,000.00.19.H40,,khong-co.pem,,",
        f"{serial},người ký,canbo.0021,000.00.20.H40,Chủ tịch,0.pem,,",
        "ac,người ký,canbo.0022,000.00.21.H40,Chủ tịch,1.pem,,",
    )
    (folder / "chung-thu.csv").write_text("\r\n".join(rows) + "\r\n", encoding="utf-8-sig", newline="")


def _counts() -> list[int]:
    return [
        model.objects.count()
        for model in (Account, Certificate, Change, Entry, Office, Person, Post, SpecialDay)
    ]


def test_thirty_and_more_faults_are_named_by_line_in_one_run_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "tinh"
    write_folder(folder, staff=40)
    _certificates(folder, tmp_path / "pki")
    spoil(folder)
    before = _counts()
    document = run("init", str(folder), "--yes")
    named = [(one["file"], one["line"], one["field"]) for one in document["errors"]]
    wanted = {(file, line, column) for file, line, _edit, column in FAULTS} | PAPERS
    assert len(wanted) == 38
    assert set(named) == wanted
    assert len(named) == len(wanted), "no fault is named twice, and none follows from another"
    assert all(one["message"] and one["fix"] for one in document["errors"])
    assert (document["changes"], document["written"]) == ([], 0)
    assert _counts() == before
    assert not Office.objects.exists()


def _text(folder: Path, file: str) -> str:
    return (folder / file).read_bytes().decode("utf-8-sig")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a small folder without faults."""
    write_folder(tmp_path / "tinh", staff=5)
    assert run("check", str(tmp_path / "tinh"))["errors"] == []
    return tmp_path / "tinh"


def _said(folder: Path) -> list[str]:
    return [one["sentence"] for one in run("check", str(folder))["errors"]]


@pytest.mark.parametrize(
    ("encoding", "says"), [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("cp1258", "Windows-1258")]
)
def test_another_encoding_is_named_and_told_how_to_mend(folder: Path, encoding: str, says: str) -> None:
    text = _text(folder, "lich.csv").replace("ử", "u").replace("ế", "e").replace("ị", "i")
    text = text.replace("ấ", "a").replace("ă", "ă").replace("đã th", "đã th")
    (folder / "lich.csv").write_bytes(text.encode(encoding, errors="replace"))
    (error,) = _said(folder)
    assert says in error
    assert "CSV UTF-8" in error


def test_letters_that_were_read_in_a_wrong_set_are_found(folder: Path) -> None:
    text = _text(folder, "can-bo.csv")
    broken = "Nguyễn Văn Thử 3".encode().decode("cp1252", errors="replace")
    (folder / "can-bo.csv").write_text(text.replace("Nguyễn Văn Thử 3", broken), encoding="utf-8", newline="")
    (error,) = _said(folder)
    assert error.startswith("can-bo.csv, dòng 4, cột ho_ten:")


def test_a_file_or_a_column_that_lacks_is_one_error_and_draws_no_others(folder: Path) -> None:
    text = _text(folder, "co-quan.csv")
    (folder / "co-quan.csv").unlink()
    assert _said(folder) == ["co-quan.csv: Thiếu tệp này trong thư mục. Thêm tệp, ít nhất có dòng tên cột."]
    (folder / "co-quan.csv").write_text("", encoding="utf-8")
    assert _said(folder) == ["co-quan.csv, dòng 1: Chưa có dòng tên cột. Ghi tên các cột ở dòng đầu của tệp."]
    (folder / "co-quan.csv").write_text(text.replace("ma,ma_2020", "ma_so,ma_2020"), encoding="utf-8", newline="")
    document = run("check", str(folder))
    assert [(one["line"], one["field"], one["message"]) for one in document["errors"]] == [
        (1, "ma", "Thiếu cột này.")
    ]
    assert [one["field"] for one in document["warnings"]] == ["ma_so"]


def test_the_head_is_read_in_any_order_with_unknown_double_and_nameless_columns(folder: Path) -> None:
    head, *days = _text(folder, "lich.csv").strip().split("\r\n")
    turned = [";".join(reversed(line.split(","))) for line in (head, *days)]
    (folder / "lich.csv").write_text("\n".join([f"{turned[0]};;ghi_chu", f"{turned[1]};;x", "", f"{turned[2]};;"]))
    document = run("check", str(folder))
    assert document["errors"] == []
    assert [(one["line"], one["field"]) for one in document["warnings"]] == [(1, "ghi_chu"), (3, "")]
    assert document["counts"]["lich.csv"] == 2
    (folder / "lich.csv").write_text("\n".join([f"{turned[0]};ngay;", f"{turned[1]};03/01/2022;thừa"]))
    assert {(one["line"], one["field"]) for one in run("check", str(folder))["errors"]} == {(1, "ngay"), (2, "")}


def test_an_open_quote_is_named_by_its_line_and_the_rest_is_read(folder: Path) -> None:
    text = _text(folder, "can-bo.csv").replace("Nguyễn Văn Thử 2,", '"Nguyễn Văn\nThử 2",')
    text = text.replace("0912000003", "12")
    (folder / "can-bo.csv").write_text(text, encoding="utf-8", newline="")
    errors = run("check", str(folder))["errors"]
    assert [(one["line"], one["field"]) for one in errors] == [(3, ""), (4, ""), (6, "dien_thoai")]


def test_what_looks_wrong_is_only_a_warning(folder: Path) -> None:
    text = _text(folder, "can-bo.csv").replace("quản trị,Quản trị viên", "lãnh đạo,Chủ tịch")
    text = text.replace("000.00.01.H40", "000.00.00.H40")
    (folder / "can-bo.csv").write_text(text, encoding="utf-8", newline="")
    days = _text(folder, "thu-tuc.csv").replace("Đăng ký khai sinh,", "Đăng ký khai sinh,09/09/2021")
    (folder / "thu-tuc.csv").write_text(days, encoding="utf-8", newline="")
    document = run("check", str(folder))
    assert document["errors"] == []
    assert [(one["file"], one["line"], one["field"]) for one in document["warnings"]] == [
        ("can-bo.csv", 0, ""),
        ("can-bo.csv", 3, "chuc_danh"),
        ("thu-tuc.csv", 2, "tu_ngay"),
    ]


def test_what_only_the_system_has_counts_too(folder: Path) -> None:
    assert run("init", str(folder), "--yes")["errors"] == []
    later = _text(folder, "co-quan.csv")
    line = next(one for one in later.split("\r\n") if one.startswith("000.11.31.H40"))
    moved = later.replace(line, line.replace("01/01/2021", "01/02/2021"))
    (folder / "co-quan.csv").write_text(moved, encoding="utf-8", newline="")
    (error,) = _said(folder)
    assert "cột tu_ngay" in error
    assert "chỉ có trong hệ thống" in error
    (folder / "co-quan.csv").write_text(later, encoding="utf-8", newline="")
    post = _text(folder, "can-bo.csv")
    (folder / "can-bo.csv").write_text(post.replace("01/01/2021", "01/02/2021"), encoding="utf-8", newline="")
    assert len(_said(folder)) == 5


def test_another_provinces_folder_is_refused(folder: Path) -> None:
    run("init", str(folder), "--yes")
    for file in ("tinh.csv", "co-quan.csv", "can-bo.csv"):
        (folder / file).write_text(_text(folder, file).replace("H40", "H54"), encoding="utf-8", newline="")
    errors = run("check", str(folder))["errors"]
    assert ("tinh.csv", 2, "ma") in {(one["file"], one["line"], one["field"]) for one in errors}
    assert any("Hệ thống này là của Nơi Thử (H40)." in one["message"] for one in errors)


def test_a_citizens_account_is_not_taken_over(folder: Path) -> None:
    person = Person.objects.create(name="Trần Thị Lan Thử", folded="tran thi lan thu", sort_key="t")
    Account.objects.create(username="canbo.0003", person=person, password="!")
    (error,) = _said(folder)
    assert "đã là tài khoản của một người không giữ chức vụ" in error
