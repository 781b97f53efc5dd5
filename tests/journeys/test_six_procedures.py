"""The five procedures besides birth registration, from submission to a sealed result, through the services.

The trust servers are real and run in a process of their own. The path of the sixth, birth registration, is walked in a
browser by ``test_main_path``.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner

from tinhso.catalogue import api as catalogue
from tinhso.catalogue.tests.samples import COMMUNES, answers
from tinhso.config.commands import verify_pdf
from tinhso.directory.api import SYSTEM, Account, Actor, Office, Role, actor_of, holder, load_demo
from tinhso.documents.api import PDF, draw_pdf, read, store
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier, Result
from tinhso.signatures.api import prepare
from tinhso.signatures.tests.conftest import TrustProcess, services, trust_process
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

__all__ = ["services", "trust_process"]  # fixtures, taken in by their names

TODAY = dt.date(2022, 5, 10)
PAPER = "<html lang=vi><title>Giấy tờ trình diễn</title><p>Giấy tờ trình diễn</p></html>"


@dataclass(frozen=True)
class Walk:
    """One procedure: where it goes, who takes part, what the officer adds, what must stand on the result."""

    code: str
    office: str
    channel: str
    clerk: str
    specialist: str
    leader: str
    seal: str
    signs: str
    number: str
    due: dt.datetime
    printed: tuple[str, ...]
    adds: dict[str, Any] = field(default_factory=dict)
    asks: str = ""


def _at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2022, 5, day, hour, minute, tzinfo=VN)


WALKS = (
    Walk(
        "1.004873",
        "Ủy ban nhân dân xã Hải Hưng",
        "online",
        *("minh", "son", "hoa", "thu"),
        signs="Ủy ban nhân dân xã Hải Hưng",
        number="1/UBND-XNTTHN",
        due=_at(13, 17),
        printed=(
            "Giấy xác nhận tình trạng hôn nhân",
            "Xét đề nghị của Trần Thị Lan Thử",
            "Ngày, tháng, năm sinh: 01/02/1990",
            "Giới tính: Nữ",
            "036190000001",
            "15/2020/QĐST-HNGĐ",
            "6 tháng kể từ ngày cấp",
            "Vay vốn mua nhà tại Ngân hàng Ví Dụ",
            "Chủ tịch",
        ),
    ),
    Walk(
        "1.001612",
        "Ủy ban nhân dân huyện Hải Hậu",
        "online",
        *("cuong", "dung", "giang", "hien"),
        signs="Phòng Tài chính - Kế hoạch huyện Hải Hậu",
        number="36A8000001",
        due=_at(13, 17),
        printed=(
            "Giấy chứng nhận đăng ký hộ kinh doanh",
            "Đăng ký lần đầu",
            "Tên hộ kinh doanh: Hộ kinh doanh Mẫu Thử",
            "Bán lẻ quần áo",
            "4771",
            "200.000.000 đ",
            "hai trăm triệu đồng",
            "Các thành viên hộ gia đình",
            "Danh sách thành viên",
            "Trưởng phòng",
        ),
    ),
    Walk(
        "1.013225",
        "Ủy ban nhân dân huyện Hải Hậu",
        "online",
        *("cuong", "khanh", "long", "nga"),
        signs="Ủy ban nhân dân huyện Hải Hậu",
        number="1/GPXD",
        due=_at(25, 17),
        asks="Phòng Tài nguyên và Môi trường huyện Hải Hậu",
        adds={
            "design_code": "VD-2022-07",
            "ground_level": 0.45,
            "density": 82.5,
            "land_use": 2.47,
            "red_line": "Cách tim đường 6 m",
            "building_line": "Trùng chỉ giới đường đỏ",
            "colour": "Vàng nhạt",
            "land_papers": "Giấy chứng nhận số VD 000012, cấp năm 2015",
        },
        printed=(
            "Giấy phép xây dựng",
            "Sử dụng cho nhà ở riêng lẻ",
            "Cấp cho: Trần Thị Lan Thử",
            "VD-2022-07",
            "Công ty Thiết kế Ví Dụ",
            "Lô 12",
            "82,5 %",
            "Hệ số sử dụng đất: 2,47 lần",
            "Cách tim đường 6 m",
            "211,5 m²",
            "Số tầng: 3",
            "12 tháng kể từ ngày cấp",
            "Điều chỉnh, gia hạn giấy phép",
        ),
    ),
    Walk(
        "3.000333",
        "Sở Tư pháp",
        "online",
        *("phuong", "quynh", "sang", "tuyet"),
        signs="Sở Tư pháp",
        number="1/STP-LLTP",
        due=_at(20, 17),
        asks="Công an tỉnh",
        adds={"prepared_by": "Lưu Quỳnh Ví Dụ"},
        printed=(
            "Phiếu lý lịch tư pháp số 1",
            "Căn cứ Luật Lý lịch tư pháp",
            "Họ và tên: Trần Thị Lan Thử",
            "Không có án tích",
            "Nơi tạm trú: //",
            "Người lập phiếu",
            "Lưu Quỳnh Ví Dụ",
            "Giám đốc",
        ),
    ),
    Walk(
        "2.000815",
        "Ủy ban nhân dân xã Hải Hưng",
        "counter",
        *("minh", "son", "hoa", "thu"),
        signs="Ủy ban nhân dân xã Hải Hưng",
        number="01",
        due=_at(10, 17),
        adds={"book": "01"},
        printed=(
            "Chứng thực bản sao đúng với bản chính",
            "Quyển số: 01/2022-SCT/BS",
            "Bằng tốt nghiệp trung học",
            "Sổ hộ khẩu",
            "Trần Thị Lan Thử",
            "Người thực hiện chứng thực",
        ),
    ),
)


@pytest.fixture(scope="module")
def province(filled: Callable[[Callable[[], object]], None]) -> None:
    """Load the demo's offices, officers and procedures once for all five."""
    filled(lambda: (load_demo(key="k"), catalogue.import_sheets(by=SYSTEM, at=_at(10, 7))))


def actor(username: str) -> Actor:
    """Return somebody of the cast."""
    return actor_of(Account.objects.get(username=username).pk, TODAY)


def submitted(walk: Walk) -> Dossier:
    """Send the form of the procedure, whole and without a fault, by Lan or for her at the counter."""
    version, lan = catalogue.current(walk.code, TODAY), actor("lan")
    said = answers(walk.code)
    assert [
        found
        for found in catalogue.check_answers(version.form, said, TODAY, communes=COMMUNES)
        if not found.is_warning
    ] == []
    case = catalogue.case_of(version, said, TODAY)
    party = api.Party("Trần Thị Lan Thử", lan.person_id, "036190000001", "0912000001", "Thôn Mẫu")
    paper = store(draw_pdf(PAPER), media_type=PDF, at=_at(10, 7, 5), pages=1)
    filing = api.Filing(
        version=version,
        case_key=case.key,
        channel=walk.channel,
        office=Office.objects.get(name=walk.office),
        owner=party,
        submitter=party,
        helper_person_id=None,
        answers=catalogue.relevant(version.form.schema, said, TODAY),
        files=[
            api.SentFile(wanted.key, paper, f"{wanted.key}.pdf")
            for wanted in catalogue.papers(version, said, TODAY)
            if wanted.is_upload and wanted.is_required
        ],
        fee_vnd=catalogue.fee(case, walk.channel, said, TODAY).total,
        summary=version.procedure.everyday_name,
    )
    sender = lan if walk.channel == "online" else actor(walk.clerk)
    return api.submit(by=sender, at=_at(10, 7, 5), key="k", filing=filing)


def opinion_answered(walk: Walk, code: str) -> None:
    """Ask the office that the sheet names, and let its specialist answer."""
    office = Office.objects.get(name=walk.asks)
    opinion = api.ask_opinion(
        by=actor(walk.specialist),
        at=_at(10, 7, 15),
        tracking_code=code,
        office=office,
        question="Xin cho ý kiến về việc trong hồ sơ.",
        due_at=None,
    )
    post = holder(office.pk, Role.SPECIALIST, TODAY)
    assert post is not None
    api.answer_opinion(
        by=actor_of(post.person.account.pk, TODAY),
        at=_at(10, 7, 18),
        tracking_code=code,
        opinion_id=opinion.pk,
        agrees=True,
        answer="Nhất trí, không có vướng mắc.",
    )
    api.forward(by=actor(walk.specialist), at=_at(10, 7, 19), tracking_code=code)


def drafted(walk: Walk, dossier: Dossier) -> None:
    """Write the result: what the form gives, what the officer adds; the form of the result finds no fault."""
    version = dossier.version
    fields = {**catalogue.draft_result(version, dossier.answers), **walk.adds}
    kind = catalogue.result_kind(version)
    assert [f for f in catalogue.check_answers(kind, fields, TODAY) if not f.is_warning] == []
    leader = holder(dossier.signing_office_id, Role.LEADER, TODAY)
    assert leader is not None
    html = catalogue.result_html(
        version,
        fields,
        dossier.answers,
        office=dossier.signing_office,
        signer=catalogue.Signer(leader.person.name, leader.title),
        on=TODAY,
        is_demo=True,
    )
    api.propose(
        by=actor(walk.specialist),
        at=_at(10, 7, 20),
        tracking_code=dossier.tracking_code,
        fields=fields,
        proposal="Hồ sơ đủ điều kiện, kính trình lãnh đạo ký.",
        draft=store(prepare(draw_pdf(html)), media_type=PDF, at=_at(10, 7, 20)),
    )


def handed_over(walk: Walk, code: str, now: dt.datetime) -> Result:
    """Sign, seal and hand over; return the result as the applicant holds it."""
    leader, clerk = actor(walk.leader), actor(walk.clerk)
    with pytest.raises(api.NotReadYet):
        api.sign(by=leader, at=now, tracking_code=code)
    api.mark_read(by=leader, at=now, tracking_code=code)
    api.sign(by=leader, at=now, tracking_code=code)
    api.issue(by=actor(walk.seal), at=now, tracking_code=code)
    if walk.channel == "online":
        api.fetch_result(by=actor("lan"), at=now, tracking_code=code)
    else:
        api.hand_over(by=clerk, at=now, tracking_code=code, to="Trần Thị Lan Thử")
    return Result.objects.select_related("file", "dossier").get(dossier__tracking_code=code)


def words_on(content: bytes) -> str:
    """Return what the pages say, in small letters, with single blanks."""
    with pypdfium2.PdfDocument(content) as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    return " ".join(text.split()).casefold()


def filled_in(content: bytes) -> dict[str, str]:
    """Return what the clerk of seals filled in."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {
            str(one.T): str(one.V)
            for one in pdf.Root.AcroForm.Fields
            if one.T in ("number", "date") and "/V" in one
        }


@pytest.mark.django_db
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.code)
def test_it_goes_from_submission_to_a_sealed_result_that_everybody_can_check(
    walk: Walk, province: None, services: TrustProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = submitted(walk).tracking_code
    accepted = api.accept(by=actor(walk.clerk), at=_at(10, 7, 10), tracking_code=code)
    assert accepted.due_at == walk.due
    if walk.asks:
        opinion_answered(walk, code)
    drafted(walk, Dossier.objects.get(tracking_code=code))
    result = handed_over(walk, code, services.now())

    assert (result.dossier.state, result.number) == (State.HANDED_OVER, walk.number)
    assert result.dossier.original_due_at is not None
    assert result.issued_at is not None
    assert result.issued_at <= result.dossier.original_due_at
    assert result.file is not None
    content = read(result.file)
    assert filled_in(content) == {"number": walk.number, "date": "ngày 10 tháng 5 năm 2022"}
    said = words_on(content)
    leader = actor(walk.leader)
    expected = (*walk.printed, walk.signs, leader.name)
    assert [words for words in expected if words.casefold() not in said] == []

    file = tmp_path / f"{walk.code}.pdf"
    file.write_bytes(content)
    monkeypatch.setattr(clock, "now", services.now)
    ran = CliRunner().invoke(verify_pdf.command, [str(file), "--json"])
    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.output)
    assert report["changed_after"] == []
    found = [(s["kind"], s["office"], s["level"], s["intact"], s["trusted"]) for s in report["signatures"]]
    assert found == [
        ("approve", walk.signs, "B-LTA", True, True),
        ("seal", walk.signs, "B-LTA", True, True),
    ]
    assert report["signatures"][0]["signer"] == leader.name
