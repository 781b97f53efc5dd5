"""Check the certificates of a province's folder: the files, whose they are, from when to when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tinhso.config.province.merging import Whole, grouped, until
from tinhso.config.province.tables import CERTIFICATES, OFFICERS, OFFICES, Row, shown
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import fold

FOLDER: Final = "chung-thu"
_LARGEST: Final = 100_000
#: Authorities cut a common name; the demo's does at this many bytes. A name that was cut is compared as far as it goes.
_SHORTEST_CUT: Final = 40


def check_certificates(whole: Whole, *, on: dt.date) -> None:
    """Note what is wrong with the certificates; ``on`` is the business day."""
    posts = {(row["tai_khoan"], row["ma_co_quan"]): row for row in whole.rows(OFFICERS)}
    names: dict[str, str] = {row["tai_khoan"]: row["ho_ten"] for row in whole.rows(OFFICERS) if row["ho_ten"]}
    for row in whole.folder.of(CERTIFICATES):
        _office(whole, row)
        _holder(whole, row, posts)
        _revocation(whole, row)
        if row.has("tep") and (certificate := _read(whole, row)) is not None:
            _fits(whole, row, certificate, names, on)
    _one_each(whole)


def pem_text(folder: Path, name: str) -> str:
    """Return the text of a certificate's file. Raises OSError, ValueError."""
    path = folder / FOLDER / name
    if path.stat().st_size > _LARGEST:
        raise ValueError(name)
    return path.read_bytes().decode("ascii")


def _read(whole: Whole, row: Row) -> x509.Certificate | None:
    folder = whole.folder
    try:
        return x509.load_pem_x509_certificate(pem_text(folder.path, row["tep"]).encode("ascii"))
    except FileNotFoundError:
        fix = "Chép tệp ấy vào thư mục."
        folder.refuse(CERTIFICATES, row, "tep", f"không có trong thư mục {FOLDER}.", fix)
    except (OSError, ValueError, TypeError):
        fix = "Xuất lại tệp .pem từ nhà cấp chứng thư."
        folder.refuse(CERTIFICATES, row, "tep", "không đọc được chứng thư.", fix)
    return None


def _fits(whole: Whole, row: Row, certificate: x509.Certificate, names: dict[str, str], on: dt.date) -> None:
    folder = whole.folder
    serial = f"{certificate.serial_number:x}"
    if row.has("so_hieu") and serial != row["so_hieu"]:
        said = f"Tệp chứa chứng thư số hiệu {serial}."
        folder.refuse(CERTIFICATES, row, "so_hieu", said, "Sửa số hiệu, hoặc chọn đúng tệp.")
        return
    folder.pems[serial] = certificate.public_bytes(Encoding.PEM).decode("ascii")
    before = whole.before(CERTIFICATES, row)
    if before is not None:
        _stays(whole, row, before, certificate)
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    is_over = row["thu_hoi_luc"] is not None or ends.astimezone(VN).date() < on
    if row["thu_hoi_luc"] is not None and row["thu_hoi_luc"] < starts:
        said = "trước khi chứng thư có hiệu lực."
        folder.refuse(CERTIFICATES, row, "thu_hoi_luc", said, "Sửa ngày giờ thu hồi.")
    if row["thu_hoi_luc"] is None and is_over:
        said = f"Chứng thư đã hết hạn ngày {ends.astimezone(VN):%d/%m/%Y}, không ký được."
        folder.warn(CERTIFICATES, row, "tep", said, "Xin cấp chứng thư mới rồi thêm một dòng.")
    elif not is_over and starts.astimezone(VN).date() > on:
        said = f"Chứng thư có hiệu lực từ {starts.astimezone(VN):%d/%m/%Y}, nay chưa ký được."
        folder.warn(CERTIFICATES, row, "tep", said, "Không phải làm gì; hoặc chọn đúng tệp.")
    _name(whole, row, _common_name(certificate), names, is_over=is_over)


def _common_name(certificate: x509.Certificate) -> str:
    return next((str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)), "")


def _name(whole: Whole, row: Row, said: str, names: dict[str, str], *, is_over: bool) -> None:
    """Check whose name it bears. An office may have been renamed since: that is only a warning."""
    folder = whole.folder
    if is_over:
        return
    if row["loai"] == "approve":
        wanted = names.get(row["tai_khoan"], "")
        if wanted and not _is_name(said, wanted):
            message = f"Chứng thư cấp cho {said}, tài khoản này là của {wanted}."
            folder.refuse(CERTIFICATES, row, "tep", message, "Chọn đúng tệp, hoặc đúng tài khoản.")
    elif row["loai"] == "seal":
        rows = [one for one in whole.offices.get(row["ma_co_quan"], []) if one["ten"]]
        if rows and not any(_is_name(said, one["ten"]) for one in rows):
            message = f"Chứng thư cấp cho {said}, cơ quan này là {rows[-1]['ten']}."
            folder.warn(
                CERTIFICATES,
                row,
                "tep",
                message,
                "Cơ quan mới đổi tên thì để nguyên; không thì chọn đúng tệp.",
            )


def _is_name(said: str, wanted: str) -> bool:
    one, other = fold(said).rstrip("… ."), fold(wanted)
    return one == other or (len(said.encode()) >= _SHORTEST_CUT and other.startswith(one))


def _stays(whole: Whole, row: Row, before: dict[str, Any], certificate: x509.Certificate) -> None:
    """Check that one which the registry holds keeps holder and file, and that a revocation is final."""
    folder = whole.folder
    if certificate.fingerprint(SHA256()).hex() != before["fingerprint"]:
        said = "Hệ thống đã có chứng thư khác cùng số hiệu."
        folder.refuse(CERTIFICATES, row, "tep", said, "Chọn đúng tệp của chứng thư ấy.")
    for name in ("loai", "tai_khoan", "ma_co_quan", "chuc_danh"):
        if row.has(name) and row[name] != before[name]:
            said = f"Trong hệ thống chứng thư này ghi “{shown(before[name])}”, không đổi được."
            folder.refuse(CERTIFICATES, row, name, said, "Ghi lại như cũ; người khác thì xin chứng thư khác.")
    revoked = before["thu_hoi_luc"]
    if revoked is not None and row.has("thu_hoi_luc") and row["thu_hoi_luc"] != revoked:
        said = "Trong hệ thống chứng thư này đã thu hồi, không đổi được."
        fix = f"Ghi lại lúc thu hồi: {revoked.astimezone(dt.UTC).isoformat()}."
        folder.refuse(CERTIFICATES, row, "thu_hoi_luc", said, fix)


def _office(whole: Whole, row: Row) -> None:
    folder = whole.folder
    if row.has("ma_co_quan") and folder.lacks(OFFICES, row["ma_co_quan"], whole.offices):
        fix = "Thêm cơ quan ấy, hoặc sửa mã."
        folder.refuse(CERTIFICATES, row, "ma_co_quan", "không có trong co-quan.csv.", fix)


def _holder(whole: Whole, row: Row, posts: dict[tuple[str, str], Row]) -> None:
    folder = whole.folder
    if not row.has("loai", "tai_khoan", "chuc_danh", "ma_co_quan"):
        return
    if row["loai"] == "seal":
        for name in ("tai_khoan", "chuc_danh"):
            if row[name]:
                fix = "Để trống tài khoản và chức danh."
                folder.refuse(CERTIFICATES, row, name, "Con dấu là của cơ quan.", fix)
        return
    for name in ("tai_khoan", "chuc_danh"):
        if not row[name]:
            folder.refuse(CERTIFICATES, row, name, "Người ký cần tài khoản và chức danh.", "Điền cả hai.")
            return
    post = posts.get((row["tai_khoan"], row["ma_co_quan"]))
    if post is None:
        loose = folder.loose.get(OFFICERS.file, set())
        if OFFICERS.file not in folder.unread and row["tai_khoan"] not in loose:
            said = "không giữ vị trí nào ở cơ quan này trong can-bo.csv."
            folder.refuse(CERTIFICATES, row, "tai_khoan", said, "Thêm vị trí ấy, hoặc sửa tài khoản.")
        return
    ends = max(until(one) for key, one in posts.items() if key == (row["tai_khoan"], row["ma_co_quan"]))
    if row["thu_hoi_luc"] is None and ends.year < dt.MAXYEAR:
        said = f"giữ vị trí ở cơ quan này đến {ends:%d/%m/%Y}, chứng thư chưa thu hồi."
        folder.warn(CERTIFICATES, row, "tai_khoan", said, "Thu hồi chứng thư khi người ấy rời vị trí.")


def _revocation(whole: Whole, row: Row) -> None:
    if not row.has("thu_hoi_luc", "ly_do_thu_hoi"):
        return
    if (row["thu_hoi_luc"] is None) != (row["ly_do_thu_hoi"] is None):
        name = "thu_hoi_luc" if row["thu_hoi_luc"] is None else "ly_do_thu_hoi"
        fix = "Điền cả hai, hoặc để trống cả hai."
        whole.folder.refuse(CERTIFICATES, row, name, "Thu hồi cần cả lúc và lý do.", fix)


def _one_each(whole: Whole) -> None:
    """Check that a person in a post, and a seal, have one certificate that is not revoked."""
    rows = [row for row in whole.rows(CERTIFICATES) if row.has(*(c.name for c in CERTIFICATES.columns))]
    running = [row for row in rows if row["thu_hoi_luc"] is None]
    groups = grouped(
        running, lambda row: (row["loai"], row["tai_khoan"], row["ma_co_quan"], row["chuc_danh"])
    )
    for same in groups.values():
        said = [row for row in same if row.line]
        for row in said[0 if len(said) < len(same) else 1 :]:
            other = next(one for one in same if one is not row)
            if other.key(CERTIFICATES) != row.key(CERTIFICATES):
                message = f"Chứng thư {other['so_hieu']} ({other.where}) của cùng chủ chưa thu hồi."
                fix = "Ghi thu_hoi_luc và ly_do_thu_hoi cho chứng thư cũ."
                whole.folder.refuse(CERTIFICATES, row, "so_hieu", message, fix)
