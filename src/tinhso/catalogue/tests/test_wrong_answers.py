"""Some ten wrong answers to each form, and the one sentence that each gets."""

from __future__ import annotations

from typing import Any

import pytest

from tinhso.catalogue.queries.checking import check_answers
from tinhso.catalogue.tests.samples import COMMUNES, TODAY, address, answers, form_of, identity


def errors(code: str, said: dict[str, Any]) -> dict[str, str]:
    found = check_answers(form_of(code), said, TODAY, communes=COMMUNES)
    return {one.path: one.text for one in found if not one.is_warning}


def row(procedure: str, key: str, place: int, **changes: Any) -> dict[str, Any]:
    said = answers(procedure)
    rows = said[key]
    rows[place] = {k: v for k, v in {**rows[place], **changes}.items() if v is not None}
    return said


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    # birth registration
    (
        "1.001193",
        answers("1.001193", child_birth="2022-05-11"),
        "child_birth",
        "Ngày sinh chưa tới. Hôm nay là 10/05/2022, hãy xem lại.",
    ),
    (
        "1.001193",
        answers("1.001193", child_birth="31/02/2022"),
        "child_birth",
        "Tháng 02/2022 không có ngày 31. Hãy xem lại ngày.",
    ),
    (
        "1.001193",
        answers("1.001193", child_name="Nguyễn An 2"),
        "child_name",
        "Họ tên không có chữ số. Hãy bỏ số 2.",
    ),
    (
        "1.001193",
        answers("1.001193", requester_id=identity("03619000000")),
        "requester_id.number",
        "Số căn cước mới có 11 số, cần đủ 12 số.",
    ),
    (
        "1.001193",
        answers("1.001193", requester_id=identity("12345678", kind="cmnd")),
        "requester_id.number",
        "Số chứng minh nhân dân có 8 số, cần 9 hoặc 12 số.",
    ),
    (
        "1.001193",
        answers("1.001193", foreign_parent=True),
        "foreign_parent",
        "Có cha hoặc mẹ nước ngoài: hãy nộp tại Ủy ban nhân dân huyện.",
    ),
    (
        "1.001193",
        answers("1.001193", mother_birth="2022"),
        "mother_birth",
        "Năm sinh của mẹ đang sau năm sinh của cháu. Hãy xem lại.",
    ),
    ("1.001193", answers("1.001193", copies=0), "copies", "Ít nhất là 1 bản. Hãy sửa lại."),
    ("1.001193", answers("1.001193", copies=21), "copies", "Nhiều nhất là 20 bản. Hãy sửa lại."),
    ("1.001193", answers("1.001193", copies=None), "copies", "Hãy ghi số bản sao cần xin."),
    (
        "1.001193",
        answers("1.001193", birthplace="Viện"),
        "birthplace",
        "Phần này còn ngắn quá. Hãy ghi rõ hơn.",
    ),
    ("1.001193", answers("1.001193", father_name=None), "father_name", "Hãy ghi họ và tên cha."),
    (
        "1.001193",
        answers("1.001193", birth_proof="bien-ban"),
        "birth_proof",
        "Biên bản chỉ dùng cho trẻ bị bỏ rơi. Hãy chọn giấy khác.",
    ),
    (
        "1.001193",
        answers("1.001193", requester_address={"detail": "Thôn Mẫu", "area": "Mẫu Thử", "text": "x"}),
        "requester_address.area",
        "Có 2 nơi tên là Mẫu Thử. Hãy ghi thêm huyện.",
    ),
    ("1.001193", answers("1.001193", commitment=None), "commitment", "Hãy đánh dấu cam đoan trước khi nộp."),
    # marital status
    (
        "1.004873",
        answers("1.004873", purpose="ket-hon", status="dang-co"),
        "status",
        "Đang có vợ hoặc chồng thì không xin giấy để kết hôn được.",
    ),
    (
        "1.004873",
        answers("1.004873", purpose="ket-hon", subject_sex="nam", subject_birth="2002-05-11"),
        "subject_birth",
        "Nam phải đủ 20 tuổi mới xin giấy để kết hôn.",
    ),
    (
        "1.004873",
        answers("1.004873", purpose="ket-hon", subject_birth="2004-05-11"),
        "subject_birth",
        "Nữ phải đủ 18 tuổi mới xin giấy để kết hôn.",
    ),
    ("1.004873", answers("1.004873", purpose_text=None), "purpose_text", "Hãy ghi rõ việc dùng giấy."),
    (
        "1.004873",
        answers("1.004873", divorce_date="2023-01-01"),
        "divorce_date",
        "Ngày ly hôn chưa tới. Hãy xem lại năm.",
    ),
    (
        "1.004873",
        answers("1.004873", divorce_number=None),
        "divorce_number",
        "Hãy điền mục “Số bản án hoặc quyết định ly hôn”.",
    ),
    (
        "1.004873",
        answers("1.004873", status="song-chung", together_since="1987-01-03"),
        "together_since",
        "Chỉ chọn mục này khi chung sống trước 03/01/1987.",
    ),
    (
        "1.004873",
        row("1.004873", "former_places", 0, until="2007"),
        "former_places.0.place",
        "Dòng 1: ngày bắt đầu đang sau ngày kết thúc, hãy đổi lại.",
    ),
    (
        "1.004873",
        answers(
            "1.004873",
            status="cu-tru-truoc",
            earlier_place="Xã Mẫu Thử",
            period_from="2015",
            period_to="2010",
        ),
        "period_to",
        "Ngày kết thúc đang trước ngày bắt đầu. Hãy đổi lại.",
    ),
    # business household
    (
        "1.001612",
        answers("1.001612", business_name="Quán Mẫu Thử"),
        "business_name",
        "Tên phải bắt đầu bằng “Hộ kinh doanh”, rồi đến tên riêng.",
    ),
    (
        "1.001612",
        answers("1.001612", business_name="Hộ kinh doanh"),
        "business_name",
        "Tên phải bắt đầu bằng “Hộ kinh doanh”, rồi đến tên riêng.",
    ),
    (
        "1.001612",
        answers("1.001612", business_name="Hộ kinh doanh công ty Mẫu"),
        "business_name",
        "Bỏ chữ “công ty” hoặc “doanh nghiệp” trong tên.",
    ),
    (
        "1.001612",
        answers("1.001612", owner_birth="2004-05-11"),
        "owner_birth",
        "Chủ hộ phải đủ 18 tuổi vào ngày nộp.",
    ),
    (
        "1.001612",
        answers("1.001612", already_has=True),
        "already_has",
        "Mỗi người chỉ lập một hộ kinh doanh. Người này đã có một hộ.",
    ),
    (
        "1.001612",
        row("1.001612", "trades", 1, is_main=True),
        "trades.0.trade",
        "Hãy đánh dấu đúng một ngành chính.",
    ),
    (
        "1.001612",
        row("1.001612", "trades", 1, code="47"),
        "trades.1.code",
        "Mã ngành gồm đúng 4 số, ví dụ 4771.",
    ),
    ("1.001612", answers("1.001612", capital=0), "capital", "Số tiền phải lớn hơn 0 đồng."),
    (
        "1.001612",
        answers("1.001612", owner_id=identity(expires_on="2022-05-09")),
        "owner_id.expires_on",
        "Giấy tờ đã hết hạn. Hãy dùng giấy còn hạn.",
    ),
    (
        "1.001612",
        row("1.001612", "members", 0, member="Lê Văn Giả"),
        "members.0.member",
        "Chủ hộ cũng là thành viên. Hãy ghi tên chủ hộ vào danh sách.",
    ),
    ("1.001612", answers("1.001612", phone="091200011"), "phone", "Số điện thoại mới có 9 số, cần đủ 10 số."),
    # building permit
    (
        "1.013225",
        answers("1.013225", first_floor=90.0),
        "first_floor",
        "Tầng 1 đang rộng hơn thửa đất. Hãy xem lại.",
    ),
    (
        "1.013225",
        answers("1.013225", total_floor=60.0),
        "total_floor",
        "Tổng diện tích sàn đang nhỏ hơn tầng 1. Hãy xem lại.",
    ),
    (
        "1.013225",
        answers("1.013225", total_floor=200.0),
        "floors.0.floor",
        "Các tầng cộng lại là 211,5 m², khác tổng đã ghi 200 m².",
    ),
    (
        "1.013225",
        answers("1.013225", works="ton-giao"),
        "works",
        "Thủ tục này chỉ cho nhà ở riêng lẻ. Hãy hỏi Một cửa huyện.",
    ),
    ("1.013225", answers("1.013225", months=61), "months", "Nhiều nhất là 60 tháng. Hãy sửa lại."),
    ("1.013225", answers("1.013225", plot_area="tám mươi"), "plot_area", "Hãy ghi bằng chữ số, ví dụ 85,5."),
    (
        "1.013225",
        answers("1.013225", owner_phone="1912000111"),
        "owner_phone",
        "Số điện thoại bắt đầu bằng số 0. Hãy xem lại số đầu.",
    ),
    ("1.013225", answers("1.013225", designer=None), "designer", "Hãy điền mục “Tổ chức, cá nhân thiết kế”."),
    (
        "1.013225",
        answers("1.013225", site_address={**address(), "detail": ""}),
        "site_address.detail",
        "Hãy ghi số nhà, đường, thôn hoặc tổ.",
    ),
    # criminal record
    (
        "3.000333",
        answers("3.000333", sheet="so-2", applicant="nguoi-than"),
        "applicant",
        "Phiếu số 2 không được ủy quyền. Người cần phiếu phải tự xin.",
    ),
    (
        "3.000333",
        row("3.000333", "history", 0, since="2008"),
        "history.0.since",
        "Hãy khai từ khi đủ 14 tuổi, tức ngày 01/02/2004 hoặc sớm hơn.",
    ),
    (
        "3.000333",
        row("3.000333", "history", 1, since="2013-01"),
        "history.0.since",
        "Còn trống từ 30/06/2012 đến 01/01/2013, hãy khai thêm nơi ở.",
    ),
    (
        "3.000333",
        row("3.000333", "history", 1, until="2020"),
        "history.0.since",
        "Nơi ở cuối mới khai đến 31/12/2020, hãy khai đến nay.",
    ),
    (
        "3.000333",
        answers("3.000333", permanent=None),
        "permanent.area",
        "Hãy ghi nơi thường trú hoặc nơi tạm trú.",
    ),
    (
        "3.000333",
        answers("3.000333", discount="tre-em"),
        "discount",
        "Trẻ em là người dưới 16 tuổi. Hãy chọn diện khác.",
    ),
    (
        "3.000333",
        answers("3.000333", email="lan.vidu.vn"),
        "email",
        "Hãy ghi thư điện tử như mẫu ten@vidu.vn.",
    ),
    (
        "3.000333",
        answers("3.000333", person_id=identity(issued_on="2022-05-11")),
        "person_id.issued_on",
        "Ngày cấp chưa tới. Hãy xem lại ngày trên giấy.",
    ),
    (
        "3.000333",
        answers("3.000333", father_birth="1995"),
        "father_birth",
        "Năm sinh của cha đang sau năm sinh của con. Hãy xem lại.",
    ),
    # certified copies
    ("2.000815", answers("2.000815", documents=[]), "documents.0.title", "Hãy ghi ít nhất một giấy tờ."),
    (
        "2.000815",
        row("2.000815", "documents", 0, pages=0),
        "documents.0.pages",
        "Ít nhất là 1 trang. Hãy sửa lại.",
    ),
    (
        "2.000815",
        row("2.000815", "documents", 0, copies=None),
        "documents.0.copies",
        "Hãy điền mục “Số bản sao”.",
    ),
    (
        "2.000815",
        row("2.000815", "documents", 0, pages="một"),
        "documents.0.pages",
        "Hãy ghi bằng chữ số, ví dụ 2.",
    ),
    (
        "2.000815",
        row("2.000815", "documents", 1, issued_on="2022-06-01"),
        "documents.0.title",
        "Dòng 2: ngày cấp chưa tới, hãy xem lại.",
    ),
    (
        "2.000815",
        row("2.000815", "documents", 1, issued_on="13/2015"),
        "documents.1.issued_on",
        "Hãy ghi đủ ngày, tháng, năm theo mẫu 10/05/2022.",
    ),
    (
        "2.000815",
        answers("2.000815", is_foreign=None),
        "is_foreign",
        "Hãy chọn một ô ở mục “Có giấy tờ do nước ngoài cấp không?”.",
    ),
    (
        "2.000815",
        answers("2.000815", requester_name="Lan"),
        "requester_name",
        "Hãy ghi đủ cả họ và tên, ví dụ Trần Thị Mẫu.",
    ),
]


@pytest.mark.parametrize(
    ("code", "said", "path", "sentence"), WRONG, ids=[f"{c}-{p}-{n}" for n, (c, _, p, _) in enumerate(WRONG)]
)
def test_a_wrong_answer_gets_its_own_sentence(
    code: str, said: dict[str, Any], path: str, sentence: str
) -> None:
    assert errors(code, said).get(path) == sentence
