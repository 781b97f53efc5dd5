"""Write everything that is held of a person into one file to take away: a page to read, data for programs, papers."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from tinhso.directory.api import Actor, OwnRecord, looks_at, own_record, own_requests, register
from tinhso.documents.api import FileCorrupt, FileMissing, read
from tinhso.dossiers.api import OwnDossier, OwnDraft, OwnFile, own_dossiers, own_drafts, own_numbers
from tinhso.messages.api import inbox
from tinhso.toolkit.policy import NotThere

#: Notices in the file; older ones are left out and the file says so.
MOST_NOTICES = 1_000
_NOT_THERE = "Tệp này không còn đọc được trên máy chủ. Báo cơ quan nhận hồ sơ."


def write_my_data(*, by: Actor, at: dt.datetime) -> IO[bytes]:
    """Return a ZIP with ``du-lieu.html``, ``du-lieu.json`` and the papers of one's own dossiers; at its beginning.

    Raises ``NotThere`` where nobody is signed in. The file lies on the disk without a name while it is sent.
    """
    record = own_record(by)
    if record is None or by.person_id is None:
        raise NotThere
    dossiers, drafts = own_dossiers(by), own_drafts(by)
    told: dict[str, Any] = {
        "at": at,
        "record": record,
        "posts": by.posts,
        "dossiers": dossiers,
        "drafts": drafts,
        "notices": inbox(by.person_id, limit=MOST_NOTICES).notices,
        "looks": looks_at(by, limit=10_000),
        "numbers": own_numbers(by),
        "requests": own_requests(by),
        "register": register(at.date()),
    }
    # Handed to the answer, which closes it.
    target = TemporaryFile()  # noqa: SIM115
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("du-lieu.html", render_to_string("portal/my_data_file.html", told))
        data = json.dumps(_data(told), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        whole.writestr("du-lieu.json", data)
        for one in _files(dossiers, drafts):
            try:
                whole.writestr(one.path, read(one.file), zipfile.ZIP_STORED)
            except (FileMissing, FileCorrupt):
                whole.writestr(f"{one.path}.txt", _NOT_THERE)
    target.seek(0)
    return target


def _files(dossiers: list[OwnDossier], drafts: list[OwnDraft]) -> Iterator[OwnFile]:
    for dossier in dossiers:
        yield from dossier.files
    for draft in drafts:
        yield from draft.files


def _data(told: dict[str, Any]) -> dict[str, Any]:
    """Return the same as data; its keys are Vietnamese words without marks, and stay."""
    record: OwnRecord = told["record"]
    person = record.person
    return {
        "lap_luc": told["at"],
        "nguoi": {
            "ho_ten": person.name,
            "ngay_sinh": person.birth_date,
            "gioi_tinh": person.sex,
            "so_giay_to": person.identity_number,
            "dien_thoai": person.phone,
            "thu_dien_tu": person.email,
            "noi_o": person.address,
            "xa_phuong": person.commune.name if person.commune else "",
        },
        "tai_khoan": {
            "ten_dang_nhap": record.account.username if record.account else "",
            "lan_dang_nhap_cuoi": record.account.last_login if record.account else None,
            "phien": [
                {
                    "tu": one.began_at,
                    "den": one.ended_at,
                    "dia_chi_mang": one.address,
                    "thiet_bi": one.device,
                }
                for one in record.sessions
            ],
            "lan_thu_dang_nhap": [
                {"luc": one.at, "ket_qua": one.outcome, "dia_chi_mang": one.address, "thiet_bi": one.device}
                for one in record.tries
            ],
        },
        "chuc_danh": [{"chuc_danh": post.title, "co_quan": post.office_name} for post in told["posts"]],
        "ho_so": [_dossier(one) for one in told["dossiers"]],
        "ban_nhap": [
            {
                "thu_tuc": one.procedure,
                "luu_luc": one.saved_at,
                "tra_loi": one.answers,
                "da_go": one.typed,
                "tep": [file.path for file in one.files],
            }
            for one in told["drafts"]
        ],
        "tin_bao": [
            {"luc": one.created_at, "tieu_de": one.title, "noi_dung": one.body, "doc_luc": one.read_at}
            for one in told["notices"]
        ],
        "ai_da_xem": [
            {
                "ngay": one.day,
                "can_bo": one.name,
                "co_quan": one.office,
                "vai_tro": one.role,
                "ho_so": told["numbers"].get(one.about, ""),
                "xem_gi": list(one.kinds),
            }
            for one in told["looks"]
        ],
        "yeu_cau_sua": [
            {
                "muc": one.field,
                "gia_tri_dung": one.wanted,
                "vi_sao": one.said,
                "gui_luc": one.asked_at,
                "co_quan": one.office.name,
                "tra_loi": one.answer,
                "loi": one.answer_text,
                "tra_loi_luc": one.answered_at,
            }
            for one in told["requests"]
        ],
    }


def _dossier(one: OwnDossier) -> dict[str, Any]:
    return {
        "ma_tra_cuu": one.code,
        "so": one.number,
        "thu_tuc": one.procedure,
        "co_quan": one.office,
        "tinh_trang": one.state,
        "nop_luc": one.submitted_at,
        "xong_luc": one.ended_at,
        "ghi": dict(one.facts),
        "tra_loi": one.raw_answers,
        "cac_buoc": [{"luc": at, "viec": verb, "co_quan": office} for at, verb, office in one.steps],
        "tep": [{"ten": file.name, "o": file.path} for file in one.files],
    }
