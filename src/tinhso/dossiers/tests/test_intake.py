"""Counter intake: who may, what one press makes, what stays when something is wrong."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest
from django.urls import reverse

from tinhso.catalogue.api import current, import_sheets
from tinhso.directory.api import SYSTEM, Actor, Office, OfficeKind, Person, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_office, make_person
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.dossiers.queries.counter import COUNTER_NOTES, receives
from tinhso.dossiers.services.draw_slip import _papers
from tinhso.dossiers.services.take_in import take_in
from tinhso.dossiers.tests.desk import boxes_of, browser, picture, program
from tinhso.dossiers.tests.factories import NINE, make_filing
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

COPIES, MARRIAGE = "2.000815", "1.004873"
ANSWERS: dict[str, dict[str, Any]] = {
    COPIES: {
        "requester_name": "Phạm Thị Ví Dụ",
        "documents": [
            {"title": "Bằng tốt nghiệp trung học", "pages": 1, "copies": 3},
            {"title": "Giấy khai sinh", "pages": 2, "copies": 1, "issued_on": "2015-03-02"},
        ],
        "is_foreign": False,
    },
    MARRIAGE: {
        "purpose": "vay-von",
        "reissue": False,
        "purpose_text": "Vay vốn mua nhà tại Ngân hàng Ví Dụ",
        "copies": 1,
        "requester_name": "Phạm Thị Ví Dụ",
        "requester_relation": "ban-than",
        "requester_address": {
            "detail": "Thôn Mẫu",
            "area": "Xã Giả Định, huyện Ví Dụ, tỉnh Nam Định",
            "text": "Thôn Mẫu, Xã Giả Định, huyện Ví Dụ, tỉnh Nam Định",
        },
        "requester_id": {
            "kind": "cccd",
            "number": "036190000001",
            "issued_on": "2021-11-20",
            "issued_by": "Cục Cảnh sát quản lý hành chính",
        },
        "subject_birth": "1990-02-01",
        "subject_sex": "nu",
        "subject_ethnicity": "Kinh",
        "subject_nationality": "Việt Nam",
        "status": "chua",
        "lived_elsewhere": False,
        "fee_exemption": "khong",
        "commitment": True,
    },
}
OWNER = {
    "nguoi-owner_name": "Phạm Thị  Ví Dụ",
    "nguoi-owner_identity": "036 160 000 009",
    "nguoi-owner_phone": "0912 000 009",
    "nguoi-owner_address": "Xóm 4, xã Hải Hưng",
    "nguoi-who": "self",
    "nguoi-read_back": "on",
}


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(hours=1))
    import_sheets(by=SYSTEM, at=NINE)


def address(office: Office, code: str = COPIES, key: str = "", name: str = "intake_page") -> str:
    return reverse(f"dossiers:{name}", args=[code, office.pk, key or secrets.token_urlsafe(16)])


def filled(cast: Cast, code: str = COPIES, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the address of a sitting in which everything is answered, and what its page would send."""
    key = secrets.token_urlsafe(16)
    version = current(code, NINE.date())
    api.start_intake(by=cast.minh, at=NINE, key=key, version=version, office=cast.commune)
    api.save_draft(by=cast.minh, at=NINE, token=key, typed=ANSWERS[code])
    place = address(cast.commune, code, key)
    boxes = boxes_of(browser(cast.minh).get(place).content.decode())
    return place, {**boxes, **OWNER, "nhan-ban-chinh": "seen", "press": "nhan", **more}


def dossier() -> Dossier:
    return Dossier.objects.get()


def test_one_press_at_the_counter_submits_accepts_and_leads_to_the_receipt(cast: Cast) -> None:
    place, boxes = filled(cast)
    page = browser(cast.minh).post(place, boxes, follow=True).content.decode()
    made = dossier()
    assert made.number == "000.15.33.H40-220510-0001"
    assert (made.channel, made.case_key, made.limit_unit) == ("counter", "trong-ngay", "sameday")
    assert made.due_at == dt.datetime(2022, 5, 10, 17, 0, tzinfo=clock.VN)
    assert (made.owner_name, made.owner_identity, made.owner_phone) == (
        "Phạm Thị Ví Dụ",
        "036160000009",
        "0912000009",
    )
    assert made.submitter_name == made.owner_name
    slip = made.slips.get(form="01")
    assert slip.by_name == "Đỗ Minh Họa"
    assert reverse("dossiers:slip", args=[slip.token]) in page
    assert "Chỉ xem bản chính, đã trả" in page
    assert _papers(slip)[0]["name"] == "Bản chính giấy tờ (chỉ xem bản chính, đã trả)"


def test_the_receipt_counts_what_was_handed_in_on_paper(cast: Cast) -> None:
    place, boxes = filled(cast, **{"nhan-ban-photo": "copy"})
    browser(cast.minh).post(place, boxes)
    rows = {row["name"]: (row["originals"], row["copies"]) for row in _papers(dossier().slips.get())}
    assert rows["Bản photo cần chứng thực"] == (0, 1)


def test_a_dossier_may_be_made_now_and_accepted_later(cast: Cast) -> None:
    place, boxes = filled(cast, press="nop")
    page = browser(cast.minh).post(place, boxes, follow=True).content.decode()
    assert (dossier().state, dossier().number) == (State.SUBMITTED, None)
    assert "Chưa có số và ngày hẹn" in page
    assert dossier().tracking_code in browser(cast.minh).get(reverse("dossiers:inbox")).content.decode()


def test_a_double_press_makes_one_dossier(cast: Cast) -> None:
    place, boxes = filled(cast)
    clerk = browser(cast.minh)
    first = clerk.post(place, boxes)
    again = clerk.post(place, {**boxes, "nguoi-owner_name": "Người Khác Mẫu"}, follow=True)
    assert again.redirect_chain[0][0] == first["Location"]
    assert "không lập thêm lần nữa" in again.content.decode()
    assert dossier().owner_name == "Phạm Thị Ví Dụ"
    assert clerk.get(place)["Location"] == first["Location"]


def test_a_press_without_a_draft_makes_a_dossier_too_and_the_same_key_makes_no_second(cast: Cast) -> None:
    _place, boxes = filled(cast)
    place = address(cast.commune)
    browser(cast.minh).post(place, boxes)
    browser(cast.minh).post(place, boxes)
    assert dossier().state == State.IN_PROGRESS


def test_files_go_into_the_dossier_in_the_same_press(cast: Cast) -> None:
    place, boxes = filled(cast)
    browser(cast.minh).post(place, {**boxes, "tep-ban-photo": [picture("mot.png"), picture("hai.png", 200)]})
    assert {p.name for p in dossier().papers.all()} == {"mot.pdf", "hai.pdf"}


def test_what_is_wrong_is_told_at_once_and_what_was_typed_and_read_stays(cast: Cast) -> None:
    place, boxes = filled(cast, **{"nguoi-owner_name": "Phạm 9", "nhan-ban-chinh": ""})
    answer = browser(cast.minh).post(place, {**boxes, "tep-ban-photo": picture("mot.png")})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Họ tên chủ hồ sơ chỉ có chữ" in page
    assert "Chưa ghi nhận: Bản chính giấy tờ" in page
    assert boxes_of(page)["nguoi-owner_name"] == "Phạm 9"
    assert boxes_of(page)["nguoi-owner_phone"] == "0912 000 009"
    assert "mot.pdf" in page
    assert Dossier.objects.count() == 0
    whole = {**boxes_of(page), **OWNER, "nhan-ban-chinh": "seen", "press": "nhan"}
    browser(cast.minh).post(place, whole)
    assert [p.name for p in dossier().papers.all()] == ["mot.pdf"]


def test_a_refused_file_says_why_and_the_other_one_is_kept(cast: Cast) -> None:
    place, boxes = filled(cast)
    page = browser(cast.minh).post(place, {**boxes, "tep-ban-photo": [picture("mot.png"), program()]})
    assert page.status_code == 422
    assert "hong.png: " in page.content.decode()
    assert "mot.pdf" in page.content.decode()
    assert Dossier.objects.count() == 0


def test_a_kept_file_can_be_taken_out_again(cast: Cast) -> None:
    place, boxes = filled(cast, press="luu")
    browser(cast.minh).post(place, {**boxes, "tep-ban-photo": picture()})
    kept = Draft.objects.get().files.get()
    browser(cast.minh).post(place, {**boxes, "remove": kept.token})
    assert Draft.objects.get().files.count() == 0


def test_an_added_row_keeps_the_page_and_leads_back_to_its_question(cast: Cast) -> None:
    place, boxes = filled(cast, press="")
    answer = browser(cast.minh).post(place, {**boxes, "documents__add": "1"})
    assert answer["Location"] == f"{place}#documents"
    rows = boxes_of(browser(cast.minh).get(place).content.decode())
    assert rows["documents__rows"] == str(len(ANSWERS[COPIES]["documents"]) + 1)
    assert rows["nguoi-owner_name"] == "Phạm Thị  Ví Dụ"


def test_what_is_typed_is_kept_as_one_goes_and_waits_in_the_list(cast: Cast) -> None:
    key = secrets.token_urlsafe(16)
    saved = browser(cast.minh).post(address(cast.commune, COPIES, key, "intake_autosave"), OWNER)
    assert saved.json() == {"saved_at": "10:00"}
    choose = browser(cast.minh).get(reverse("dossiers:intake")).content.decode()
    assert "Phạm Thị  Ví Dụ" in choose
    assert address(cast.commune, COPIES, key) in choose
    browser(cast.minh).post(address(cast.commune, COPIES, key, "intake_drop"))
    assert Draft.objects.count() == 0


def test_what_is_known_of_the_owner_fills_the_blank_questions_and_no_others(cast: Cast) -> None:
    place = address(cast.commune, MARRIAGE)
    browser(cast.minh).post(place, {**OWNER, "press": "dien", "purpose_text": "Vay vốn"})
    boxes = boxes_of(browser(cast.minh).get(place).content.decode())
    assert (boxes["requester_name"], boxes["requester_id__number"]) == ("Phạm Thị Ví Dụ", "036160000009")
    assert boxes["purpose_text"] == "Vay vốn"
    browser(cast.minh).post(place, {**boxes, "requester_name": "Người Khác Mẫu", "press": "dien"})
    again = boxes_of(browser(cast.minh).get(place).content.decode())
    assert again["requester_name"] == "Người Khác Mẫu"


def test_a_stale_form_is_not_sent_and_nothing_is_lost(cast: Cast) -> None:
    place, boxes = filled(cast, ban="1")
    answer = browser(cast.minh).post(place, {**boxes, "ban": "999999"})
    assert answer.status_code == 422
    assert "Mẫu tờ khai vừa đổi" in answer.content.decode()
    assert boxes_of(answer.content.decode())["nguoi-owner_phone"] == "0912 000 009"


def test_owner_submitter_and_helper_are_three_people_and_each_known_one_reads_it(cast: Cast) -> None:
    lan = Person.objects.get(pk=cast.lan.person_id or 0)
    lan.identity_number = "036190000001"
    lan.save()
    binh = Person.objects.get(pk=cast.binh.person_id or 0)
    binh.identity_number = "036057000002"
    binh.save()
    owner = make_person("Phạm Thị Ví Dụ", "036160000009")
    place, boxes = filled(
        cast,
        **{
            "nguoi-who": "other",
            "nguoi-submitter_name": "tran thi lan thu",
            "nguoi-submitter_identity": "036190000001",
            "nguoi-relation": "authorised",
            "nguoi-authorisation": "Số 12, ngày 09/05/2022",
            "nguoi-helper_name": "Phạm Văn Bình Mẫu",
            "nguoi-helper_identity": "036057000002",
        },
    )
    browser(cast.minh).post(place, boxes)
    made = dossier()
    people = (made.owner_person_id, made.submitter_person_id, made.helper_person_id)
    assert people == (owner.pk, cast.lan.person_id, cast.binh.person_id)
    assert POLICY.holds(cast.lan, May.WITHDRAW, made)
    assert POLICY.holds(cast.binh, May.SUPPLY, made)
    assert not POLICY.holds(cast.binh, May.WITHDRAW, made)
    desk = browser(cast.son).get(reverse("dossiers:desk", args=[made.tracking_code])).content.decode()
    assert "Người được ủy quyền. Số 12, ngày 09/05/2022" in desk


def test_a_number_alone_links_nobody(cast: Cast) -> None:
    make_person("Người Khác Mẫu", "036160000009")
    place, boxes = filled(cast)
    browser(cast.minh).post(place, boxes)
    assert dossier().owner_person_id is None


def test_a_submitter_for_another_says_who_and_by_what_paper(cast: Cast) -> None:
    place, boxes = filled(cast, **{"nguoi-who": "other", "nguoi-relation": "authorised"})
    page = browser(cast.minh).post(place, boxes).content.decode()
    assert "Chưa có họ tên người nộp" in page
    assert "ghi số và ngày của giấy ủy quyền" in page


@pytest.mark.parametrize(
    ("name", "number", "sentence"),
    [
        ("Không Có Ai", "036057000002", "Tỉnh chưa có người này"),
        ("Đỗ Minh Họa", "036088000003", "Cán bộ tiếp nhận không đứng tên người giúp"),
        ("Phạm Văn Bình Mẫu", "", "Người giúp cần cả họ tên và số giấy tờ"),
    ],
)
def test_a_helper_is_a_known_person_and_not_the_clerk(
    cast: Cast, name: str, number: str, sentence: str
) -> None:
    Person.objects.filter(pk=cast.minh.person_id or 0).update(identity_number="036088000003")
    place, boxes = filled(cast, **{"nguoi-helper_name": name, "nguoi-helper_identity": number})
    assert sentence in browser(cast.minh).post(place, boxes).content.decode()
    assert Dossier.objects.count() == 0


def test_an_officer_may_choose_the_longer_case(cast: Cast) -> None:
    place, boxes = filled(cast, **{"nguoi-case": "keo-dai"})
    browser(cast.minh).post(place, boxes)
    assert (dossier().case_key, dossier().limit_unit) == ("keo-dai", "wd")


def test_a_form_of_many_pages_is_taken_on_one(cast: Cast) -> None:
    place, boxes = filled(cast, MARRIAGE)
    wanted = {f"nhan-{p.key}": "original" for p in current(MARRIAGE, NINE.date()).papers.all()}
    browser(cast.minh).post(place, {**boxes, **wanted})
    made = dossier()
    assert made.state == State.IN_PROGRESS
    assert {k: v for k, v in made.answers.items() if k != COUNTER_NOTES} == ANSWERS[MARRIAGE]
    desk = browser(cast.son).get(reverse("dossiers:desk", args=[made.tracking_code])).content.decode()
    assert "Quầy đã ghi nhận" in desk
    assert COUNTER_NOTES not in desk


# Who may


def _pages(cast: Cast) -> list[str]:
    version = current(COPIES, NINE.date())
    key = secrets.token_urlsafe(16)
    api.start_intake(by=cast.minh, at=NINE, key=key, version=version, office=cast.commune)
    return [
        reverse("dossiers:intake_start", args=[COPIES, cast.commune.pk]),
        address(cast.commune, COPIES, key),
        address(cast.commune, COPIES),
    ]


@pytest.mark.parametrize("who", ["lan", "binh", "son", "hoa", "thu", "tam", "an", "quan"])
def test_nobody_but_a_counter_clerk_of_the_office_takes_in(cast: Cast, who: str) -> None:
    stranger = browser(getattr(cast, who))
    start, *pages = _pages(cast)
    assert stranger.get(start).status_code == 404
    for page in pages:
        assert stranger.get(page).status_code == 404
        assert stranger.post(page, OWNER).status_code == 404
    for name in ("intake_autosave", "intake_drop"):
        key = Draft.objects.get().token
        assert stranger.post(address(cast.commune, COPIES, key, name), OWNER).status_code == 404
    assert Draft.objects.count() == 1
    assert Draft.objects.get().typed == {}


def test_a_stranger_is_asked_to_sign_in(cast: Cast) -> None:
    for page in [*_pages(cast), reverse("dossiers:intake")]:
        assert browser(None).get(page)["Location"].startswith(reverse("account_login"))


def test_only_counter_clerks_see_the_menu_entry(cast: Cast) -> None:
    entry = reverse("dossiers:intake")
    assert entry in browser(cast.minh).get(reverse("dossiers:inbox")).content.decode()
    assert entry not in browser(cast.son).get(reverse("dossiers:inbox")).content.decode()
    for other in (cast.son, cast.hoa, cast.lan, cast.an):
        assert browser(other).get(entry).status_code == 404


def test_a_colleague_at_the_same_counter_does_not_see_what_one_has_begun(cast: Cast) -> None:
    place, _boxes = filled(cast)
    mai = make_actor("mai", "Trịnh Mai Thử", (cast.commune, Role.COUNTER_CLERK, "Công chức một cửa"))
    assert browser(mai).get(place).status_code == 404


def test_the_service_itself_refuses_whoever_does_not_receive_there(cast: Cast) -> None:
    filing = make_filing(cast)
    for other in (cast.tam, cast.son, cast.lan):
        with pytest.raises(NotThere):
            take_in(by=other, at=NINE, key="k", filing=filing, accepting=False)
        with pytest.raises(NotThere):
            api.start_intake(
                by=other,
                at=NINE,
                key="k" * 22,
                version=current(COPIES, NINE.date()),
                office=cast.commune,
            )


def test_the_page_of_what_was_taken_in_is_for_the_counter_only(cast: Cast) -> None:
    place, boxes = filled(cast)
    shown = browser(cast.minh).post(place, boxes)["Location"]
    both = make_actor(
        "both",
        "Hồ Kiêm Thử",
        (cast.elsewhere, Role.COUNTER_CLERK, "Công chức một cửa"),
        (cast.commune, Role.SPECIALIST, "Công chức tư pháp"),
    )
    for other in (both, cast.tam, cast.son, cast.lan, cast.quan):
        assert browser(other).get(shown).status_code == 404


def test_a_draft_at_the_counter_is_not_one_of_the_clerks_own(cast: Cast) -> None:
    filled(cast)
    draft = Draft.objects.get()
    assert api.drafts_of(cast.minh) == []
    assert not DRAFTS.holds(cast.minh, MayDraft.WRITE, draft)
    assert DRAFTS.holds(cast.minh, MayDraft.TAKE_IN, draft)
    own = api.start_draft(by=cast.minh, at=NINE, version=current(MARRIAGE, NINE.date()), office=cast.commune)
    assert not DRAFTS.holds(cast.minh, MayDraft.TAKE_IN, own)


def test_who_left_the_counter_no_longer_opens_what_was_begun_there(cast: Cast) -> None:
    filled(cast)
    gone = Actor(cast.minh.account_id, cast.minh.person_id, cast.minh.name)
    for may in (MayDraft.TAKE_IN, MayDraft.KEEP):
        assert not DRAFTS.rows(gone, may).exists()
        assert not DRAFTS.rows(cast.tam, may).exists()


# Which procedures


def test_the_counter_offers_what_its_office_receives_and_finds_it_without_marks(cast: Cast) -> None:
    page = browser(cast.minh).get(reverse("dossiers:intake")).content.decode()
    for code in ("1.001193", MARRIAGE, COPIES):
        assert reverse("dossiers:intake_start", args=[code, cast.commune.pk]) in page
    assert "1.013225" not in page
    found = browser(cast.minh).get(reverse("dossiers:intake"), {"q": "chung thuc"}).content.decode()
    assert COPIES in found
    assert "1.001193" not in found
    nothing = browser(cast.minh).get(reverse("dossiers:intake"), {"q": "zzz"}).content.decode()
    assert "không nhận việc nào khớp “zzz”" in nothing


@pytest.mark.parametrize("code", ["1.013225", "9.999999"])
def test_a_procedure_of_another_level_is_not_taken_in(cast: Cast, code: str) -> None:
    assert browser(cast.minh).get(address(cast.commune, code)).status_code == 404


def test_of_the_departments_only_the_responsible_one_receives(cast: Cast) -> None:
    province = Office.objects.get(kind=OfficeKind.PROVINCE)
    justice = make_office("Sở Tư pháp", OfficeKind.DEPARTMENT, "000.00.03.H40", province)
    industry = make_office("Sở Công Thương", OfficeKind.DEPARTMENT, "000.00.06.H40", province)
    version = current("3.000333", NINE.date())
    assert receives(version, justice, NINE.date())
    assert not receives(version, industry, NINE.date())
    assert not receives(version, cast.commune, NINE.date())


@pytest.mark.parametrize("key", ["ngan", "x" * 23, "có dấu không được đâu"])
def test_an_address_with_a_key_of_another_shape_is_not_there(cast: Cast, key: str) -> None:
    assert browser(cast.minh).get(address(cast.commune, COPIES, key)).status_code == 404
