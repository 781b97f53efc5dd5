"""Opinions of other offices: asked, answered, demanded by the internal process."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.api import ProcedureVersion, ProcessStep, current, import_sheets
from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import SYSTEM, Actor, Office, OfficeKind, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_office
from tinhso.dossiers import api
from tinhso.dossiers.events import OpinionAsked, OpinionGiven
from tinhso.dossiers.models import Dossier, Opinion
from tinhso.dossiers.queries import asked_of, counts
from tinhso.dossiers.queries.opinions import (
    answer_by,
    history,
    office_to_ask,
    offices_to_ask,
    open_opinions,
    opinion_step,
)
from tinhso.dossiers.tests.desk import browser
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.journal import api as journal
from tinhso.toolkit import clock
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere

TEN = NINE + dt.timedelta(hours=1)
TODAY = NINE.date()
UNCLEAR = api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.")


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: TEN)


@pytest.fixture
def khoa(cast: Cast) -> Actor:
    """Make the specialist of the other commune, whose office is asked."""
    return make_actor("khoa", "Đặng Khoa Mẫu", (cast.elsewhere, Role.SPECIALIST, "Công chức tư pháp"))


@pytest.fixture
def asked(cast: Cast, khoa: Actor) -> Opinion:
    """Ask the other commune about a dossier of Lan's."""
    return ask(cast, make_dossier(cast, accepted=True))


def ask(cast: Cast, dossier: Dossier, **more: Any) -> Opinion:
    wanted: dict[str, Any] = {
        "office": cast.elsewhere,
        "question": "Có đăng ký kết hôn ở xã không?",
        "due_at": None,
        **more,
    }
    return api.ask_opinion(by=cast.son, at=TEN, tracking_code=dossier.tracking_code, **wanted)


def desk(dossier: Dossier) -> str:
    return reverse("dossiers:desk", args=[dossier.tracking_code])


def ask_page(dossier: Dossier) -> str:
    return reverse("dossiers:ask_opinion", args=[dossier.tracking_code])


def answer_page(opinion: Opinion) -> str:
    return reverse("dossiers:answer_opinion", args=[opinion.dossier.tracking_code, opinion.pk])


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_specialist_asks_the_other_answers_and_both_read_it(cast: Cast, khoa: Actor) -> None:
    dossier = make_dossier(cast, accepted=True)
    son, other = browser(cast.son), browser(khoa)
    assert ask_page(dossier) in text(son, desk(dossier))
    said = {
        "office": "UBND xã Hải Bắc, UBND huyện Hải Hậu",
        "question": "Có kết hôn ở xã không?",
        "due": "12/05/2022",
    }
    assert "Đã hỏi ý kiến UBND xã Hải Bắc" in son.post(ask_page(dossier), said, follow=True).content.decode()
    opinion = Opinion.objects.get()
    assert opinion.due_at == dt.datetime(2022, 5, 12, 17, 0, tzinfo=clock.VN)
    inbox = text(other, reverse("dossiers:inbox"))
    assert "Có kết hôn ở xã không?" in inbox
    assert desk(dossier) in inbox
    page = text(other, desk(dossier))
    assert answer_page(opinion) in page
    assert 'class="actbar"' not in page
    told = {"agrees": "khong", "answer": "Sổ năm 2015 không có tên."}
    assert "Đã gửi ý kiến" in other.post(answer_page(opinion), told, follow=True).content.decode()
    page = text(son, desk(dossier))
    assert "Sổ năm 2015 không có tên." in page
    assert "UBND xã Hải Bắc không đồng ý" in page
    assert "Có kết hôn" not in text(other, reverse("dossiers:inbox"))
    events = [record.event.rpartition(".")[2] for record in journal.history(dossier.about)[:2]]
    assert events == [OpinionGiven.__name__, OpinionAsked.__name__]


def test_the_badge_counts_what_the_in_box_lists(cast: Cast, khoa: Actor, asked: Opinion) -> None:
    assert counts(khoa)["opinions"] == asked_of(khoa).count() == 1
    assert counts(cast.son)["opinions"] == 0
    api.withdraw(by=cast.lan, at=TEN, tracking_code=asked.dossier.tracking_code)
    assert counts(khoa)["opinions"] == 0


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"question": " "}, "Chưa có câu hỏi"),
        ({"office": ""}, "Chưa chọn cơ quan"),
        ({"office": "Sở Không Có"}, "Không thấy cơ quan nào"),
        ({"office": "xa hai"}, "Có 2 cơ quan tên như vậy"),
        ({"office": "xa hai hung"}, "Đây là đơn vị đang xử lý hồ sơ"),
        ({"due": "9/5"}, "Ngày viết như 24/05/2022"),
        ({"due": "09/05/2022"}, "Hạn trả lời đã qua"),
        ({"due": "16/05/2022"}, "Hồ sơ hẹn trả 13/05/2022. Chọn hạn trả lời không muộn hơn."),
    ],
)
def test_what_is_wrong_with_a_question_is_told_and_the_words_stay(
    cast: Cast, said: dict[str, str], sentence: str
) -> None:
    dossier = make_dossier(cast, accepted=True)
    typed = {"office": "xa hai bac", "question": "Câu hỏi còn nguyên", "due": "12/05/2022"} | said
    answer = browser(cast.son).post(ask_page(dossier), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    for value in typed.values():
        assert value.strip() in page
    assert Opinion.objects.count() == 0


def test_an_office_is_asked_one_thing_at_a_time(cast: Cast, asked: Opinion) -> None:
    typed = {"office": "xa hai bac", "question": "Hỏi lần nữa", "due": ""}
    answer = browser(cast.son).post(ask_page(asked.dossier), typed)
    assert "Đã hỏi cơ quan này và chưa có trả lời" in answer.content.decode()
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize("who", ["lan", "minh", "hoa", "thu", "tam", "an", "quan"])
def test_nobody_but_the_handling_specialist_asks(cast: Cast, who: str) -> None:
    dossier = make_dossier(cast, accepted=True)
    other = browser(getattr(cast, who))
    assert other.get(ask_page(dossier)).status_code == 404
    said = {"office": "xa hai bac", "question": "?"}
    assert other.post(ask_page(dossier), said).status_code == 404
    with pytest.raises(NotThere):
        api.ask_opinion(
            by=getattr(cast, who),
            at=TEN,
            tracking_code=dossier.tracking_code,
            office=cast.elsewhere,
            question="?",
            due_at=None,
        )


@pytest.mark.parametrize("who", ["lan", "minh", "son", "hoa", "thu", "tam", "an", "quan"])
def test_nobody_but_the_asked_office_answers(cast: Cast, asked: Opinion, who: str) -> None:
    told = {"agrees": "co", "answer": "Được."}
    assert browser(getattr(cast, who)).post(answer_page(asked), told).status_code == 404
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_a_stranger_signs_in_first(cast: Cast, asked: Opinion) -> None:
    for page in (ask_page(asked.dossier), answer_page(asked)):
        assert browser(None).post(page)["Location"].startswith(reverse("account_login"))


def test_a_third_office_that_is_asked_too_cannot_answer_for_the_other(cast: Cast, asked: Opinion) -> None:
    third = make_office("UBND xã Hải Nam", OfficeKind.COMMUNE, "000.17.33.H40", cast.commune.parent)
    yen = make_actor("yen", "Lý Yên Thử", (third, Role.LEADER, "Chủ tịch"))
    ask(cast, asked.dossier, office=third)
    told = {"agrees": "co", "answer": "Được."}
    assert browser(yen).post(answer_page(asked), told).status_code == 404
    assert answer_page(asked) not in text(browser(yen), desk(asked.dossier))


def test_an_answer_needs_a_choice_and_words_and_keeps_what_was_typed(
    cast: Cast, khoa: Actor, asked: Opinion
) -> None:
    for told, sentence in (
        ({"answer": "Chữ còn nguyên"}, "Chưa chọn đồng ý hay không"),
        ({"agrees": "khong", "answer": " "}, "Chưa viết ý kiến"),
    ):
        answer = browser(khoa).post(answer_page(asked), told)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert told["answer"].strip() in page
        assert ('value="khong" checked' in page) == ("agrees" in told)


def test_an_answer_is_given_once(cast: Cast, khoa: Actor, asked: Opinion) -> None:
    told = {"agrees": "co", "answer": "Lần một."}
    browser(khoa).post(answer_page(asked), told)
    again = browser(khoa).post(answer_page(asked), {"agrees": "khong", "answer": "Lần hai."}, follow=True)
    assert "Ý kiến này đã có người trả lời" in again.content.decode()
    asked.refresh_from_db()
    assert (asked.agrees, asked.answer) == (True, "Lần một.")


def test_after_the_end_no_opinion_is_needed(cast: Cast, khoa: Actor, asked: Opinion) -> None:
    api.withdraw(by=cast.lan, at=TEN, tracking_code=asked.dossier.tracking_code)
    answer = browser(khoa).post(answer_page(asked), {"agrees": "co", "answer": "Được."}, follow=True)
    assert "không cần ý kiến nữa" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_an_opinion_is_asked_only_while_the_dossier_is_being_handled(cast: Cast) -> None:
    dossier = make_dossier(cast)
    with pytest.raises(StepNotAllowed):
        ask(cast, dossier)
    answer = browser(cast.son).get(ask_page(dossier), follow=True)
    assert "Hồ sơ đã sang bước khác" in answer.content.decode()


def test_the_service_wants_words_and_another_office(cast: Cast, asked: Opinion, khoa: Actor) -> None:
    with pytest.raises(api.WordsMissing):
        ask(cast, asked.dossier, question=" ")
    with pytest.raises(api.AskedOneself):
        ask(cast, asked.dossier, office=cast.commune)
    with pytest.raises(api.WordsMissing):
        api.answer_opinion(
            by=khoa,
            at=TEN,
            tracking_code=asked.dossier.tracking_code,
            opinion_id=asked.pk,
            agrees=True,
            answer=" ",
        )


def test_the_history_tells_steps_and_opinions_in_one_line_newest_first(
    cast: Cast, khoa: Actor, asked: Opinion
) -> None:
    api.answer_opinion(
        by=khoa,
        at=TEN + dt.timedelta(hours=1),
        tracking_code=asked.dossier.tracking_code,
        opinion_id=asked.pk,
        agrees=True,
        answer="Được.",
    )
    assert [line.word for line in history(asked.dossier)] == [
        "UBND xã Hải Bắc đồng ý",
        "Hỏi ý kiến UBND xã Hải Bắc",
        "Tiếp nhận, cấp giấy hẹn",
        "Nộp hồ sơ",
    ]


# What the internal process demands


def _with_step(version: ProcedureVersion, office: str, *, is_parallel: bool) -> ProcedureVersion:
    version.cases.get().steps.create(
        order=20,
        key="ask",
        name="Hỏi xã khác",
        public_name="Hỏi",
        desk="opinion",
        role="specialist",
        office=office,
        hours=16,
        is_parallel=is_parallel,
        signs=False,
        is_illustrative=False,
    )
    return version


@pytest.mark.parametrize(
    ("is_parallel", "law"), [(False, "Quy trình đòi có ý kiến này trước khi trình."), (True, "không bắt chờ")]
)
def test_who_proposes_reads_which_opinion_is_missing_and_whether_it_is_demanded(
    cast: Cast, *, is_parallel: bool, law: str
) -> None:
    version = _with_step(make_version(), "asked", is_parallel=is_parallel)
    dossier = make_dossier(cast, accepted=True, version=version)
    said = open_opinions(dossier, TODAY)
    assert "chưa hỏi cơ quan nào" in said[0]
    assert law in said[-1]
    opinion = ask(cast, dossier)
    assert open_opinions(dossier, TODAY)[0] == "UBND xã Hải Bắc chưa trả lời."
    opinion.agrees, opinion.answer, opinion.answered_at = True, "Được.", TEN
    opinion.save()
    assert open_opinions(dossier, TODAY) == []


def test_an_opinion_that_no_process_names_is_said_not_to_be_demanded(asked: Opinion) -> None:
    assert open_opinions(asked.dossier, TODAY) == [
        "UBND xã Hải Bắc chưa trả lời.",
        "Quy trình không đòi ý kiến của cơ quan này.",
    ]


def _where(cast: Cast) -> dict[str, Office]:
    district = cast.commune.parent
    assert district is not None
    province = district.parent
    made = [
        ("Sở Tư pháp", OfficeKind.DEPARTMENT, "000.00.03.H40", province),
        ("Công an tỉnh", OfficeKind.DEPARTMENT, "000.00.20.H40", province),
        ("Phòng Kinh tế và Hạ tầng huyện Hải Hậu", OfficeKind.DIVISION, "000.02.33.H40", district),
        ("Phòng Tài nguyên và Môi trường huyện Hải Hậu", OfficeKind.DIVISION, "000.04.33.H40", district),
        ("Phòng Tài nguyên và Môi trường huyện khác", OfficeKind.DIVISION, "000.04.39.H40", province),
    ]
    places = {name: make_office(name, kind, code, parent) for name, kind, code, parent in made}
    return places | {"huyện": district}


@pytest.mark.parametrize(
    ("code", "case", "receiving", "expected"),
    [
        ("1.013225", "nha-o", "huyện", "Phòng Tài nguyên và Môi trường huyện Hải Hậu"),
        ("3.000333", "thuong", "Sở Tư pháp", "Công an tỉnh"),
    ],
)
def test_the_process_names_the_office_that_is_asked(
    cast: Cast, code: str, case: str, receiving: str, expected: str
) -> None:
    import_sheets(by=SYSTEM, at=NINE)
    places = _where(cast)
    dossier = Dossier(version=current(code, TODAY), case_key=case, receiving_office=places[receiving])
    step = opinion_step(dossier)
    assert step is not None
    assert office_to_ask(dossier, step, TODAY) == places[expected]


def test_where_the_process_names_no_office_the_officer_does(cast: Cast) -> None:
    import_sheets(by=SYSTEM, at=NINE)
    dossier = Dossier(version=current("1.004873", TODAY), case_key="xac-minh", receiving_office=cast.commune)
    step = opinion_step(dossier)
    assert isinstance(step, ProcessStep)
    assert office_to_ask(dossier, step, TODAY) is None


def test_only_state_offices_of_the_day_are_offered(cast: Cast) -> None:
    gone = make_office("UBND xã Đã Nhập", OfficeKind.COMMUNE, "000.99.33.H40", cast.commune.parent)
    gone.valid_to = dt.date(2021, 12, 31)
    gone.save()
    make_office("Hội Nông dân", OfficeKind.MASS_ORGANISATION, "000.98.33.H40", cast.commune.parent)
    names = set(offices_to_ask(TODAY))
    assert "UBND xã Hải Bắc, UBND huyện Hải Hậu" in names
    assert not any("Đã Nhập" in name or "Nông dân" in name for name in names)


def test_an_opinion_is_due_before_the_dossier_is_unless_that_is_late_already(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    assert dossier.due_at is not None
    assert answer_by(dossier, 60, TEN) == TEN + dt.timedelta(hours=1)
    assert answer_by(dossier, 10 * 8 * 60, TEN) == dossier.due_at
    after = dossier.due_at + dt.timedelta(days=3)
    assert answer_by(dossier, 60, after) > after
