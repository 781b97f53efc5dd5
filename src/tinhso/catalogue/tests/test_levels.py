"""Levels as decisions: who may, what is refused, what follows from one, and two people at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from tinhso.catalogue import api
from tinhso.catalogue.models import Eligibility, Procedure, ProcedureVersion, ServiceLevel
from tinhso.catalogue.queries.level_worklist import eligible_not_yet, levels_of, side_by_side
from tinhso.catalogue.queries.office import happenings
from tinhso.catalogue.services.decide_eligibility import EligibilityDecision, decide_eligibility
from tinhso.catalogue.services.decide_level import DecidedMeanwhile, LevelDecision, decide_level
from tinhso.catalogue.services.publish import publish_all
from tinhso.catalogue.services.publish_draft import Decision
from tinhso.catalogue.services.unpublish import unpublish
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.catalogue.tests.factories import make_version
from tinhso.catalogue.tests.office import AT, DAY, Keepers, make_keepers
from tinhso.catalogue.tests.samples import sheet
from tinhso.directory.api import SYSTEM, Actor
from tinhso.journal.api import history
from tinhso.toolkit.policy import NotThere

CODE, AT_THE_COUNTER = "1.004873", "2.000815"
TODAY = AT.date()
JUNE, AUGUST = dt.date(2022, 6, 1), dt.date(2022, 8, 15)
DECIDED = LevelDecision(2011, 3, JUNE, "1215/QĐ-UBND", TODAY, "Còn trả kết quả tại quầy", 0)
YES = EligibilityDecision(True, TODAY, "Đủ các bước qua mạng", "Biên bản rà soát 12/BB-VP", 0)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def keepers() -> Keepers:
    api.import_sheets(by=SYSTEM, at=AT)
    Procedure.objects.update(is_listed=True)
    return make_keepers()


def decide(by: Actor, said: LevelDecision = DECIDED, code: str = CODE) -> ServiceLevel:
    seen = levels_of(by, code, TODAY).seen
    return decide_level(by=by, at=AT, code=code, decision=replace(said, seen=seen))


def find(by: Actor, said: EligibilityDecision = YES, code: str = CODE) -> Eligibility:
    seen = levels_of(by, code, TODAY).eligibility_seen
    return decide_eligibility(by=by, at=AT, code=code, decision=replace(said, seen=seen))


def refused(act: Callable[[], object]) -> str:
    before = (
        list(ServiceLevel.objects.order_by("pk").values()),
        list(Eligibility.objects.order_by("pk").values()),
    )
    with pytest.raises(OfficeRefused) as caught:
        act()
    after = (
        list(ServiceLevel.objects.order_by("pk").values()),
        list(Eligibility.objects.order_by("pk").values()),
    )
    assert before == after
    return str(caught.value)


def test_a_decision_closes_the_open_level_the_day_before_and_is_told(keepers: Keepers) -> None:
    opened = decide(keepers.khoa)
    closed, same = ServiceLevel.objects.filter(procedure__code=CODE).order_by("valid_from")
    assert (closed.level, closed.valid_to) == (4, JUNE - DAY)
    assert same == opened
    assert (same.level, same.valid_from, same.valid_to, same.is_illustrative) == (3, JUNE, None, False)
    assert (same.basis, same.reason) == (
        "Quyết định 1215/QĐ-UBND ngày 10/05/2022",
        "Còn trả kết quả tại quầy",
    )
    said = happenings(CODE)[0]
    assert (said.name, said.what) == (
        keepers.khoa.name,
        "Quyết định mức độ 3 từ 01/06/2022 theo 1215/QĐ-UBND ngày 10/05/2022",
    )
    assert history(f"procedure:{CODE}")[0].data["before"] == 4


def test_only_a_reviewer_decides(keepers: Keepers) -> None:
    for act in (decide, find):
        with pytest.raises(NotThere):
            act(keepers.vy)
    find(keepers.nha)
    assert decide(keepers.nha).level == 3


def test_filing_and_figures_follow_from_the_day_on_and_a_later_decision_undoes_it(keepers: Keepers) -> None:
    version = api.current(CODE, TODAY)
    before = api.service_levels(JUNE, system=2011).whole.online
    decide(keepers.khoa, replace(DECIDED, level=2, valid_from=JUNE))
    assert api.can_file_online(version, JUNE - DAY)
    assert not api.can_file_online(version, JUNE)
    assert not api.service_page(CODE, JUNE).can_file_online
    assert api.service_levels(JUNE - DAY, system=2011).whole.online == before
    figure = api.service_levels(JUNE, system=2011)
    assert figure.whole.online == before - 1
    assert [(one.level, one.reason) for one in figure.not_online if one.code == CODE] == [
        (2, "Còn trả kết quả tại quầy")
    ]
    decide(keepers.khoa, replace(DECIDED, level=3, valid_from=JUNE + DAY))
    assert not api.can_file_online(version, JUNE)
    assert api.can_file_online(version, JUNE + DAY)


def test_from_august_the_later_system_counts_where_it_was_decided(keepers: Keepers) -> None:
    version = api.current(CODE, TODAY)
    assert api.can_file_online(version, AUGUST), "nobody has decided under the later system yet"
    decide(keepers.khoa, replace(DECIDED, system=2022, level=2, valid_from=AUGUST))
    assert api.can_file_online(version, AUGUST - DAY)
    assert not api.can_file_online(version, AUGUST)
    earlier, later = side_by_side(AUGUST).sides
    assert ("Mức độ 4", 5) in earlier.rows
    assert later.rows == (
        ("Toàn trình", 0),
        ("Một phần", 0),
        ("Cung cấp thông tin", 1),
        ("Chưa có quyết định", 5),
    )
    assert (earlier.is_in_force, later.is_in_force) == (False, True)
    assert (earlier.share, later.share) == ("100,0 %", "0,0 %")
    assert sum(n for _words, n in earlier.rows) == sum(n for _words, n in later.rows) == 6


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            replace(DECIDED, valid_from=dt.date(2021, 1, 1), date=dt.date(2020, 12, 1)),
            "Đã có quyết định áp dụng",
        ),
        (replace(DECIDED, valid_from=TODAY - DAY), "trước ngày ký"),
        (replace(DECIDED, date=TODAY + DAY), "chưa tới"),
        (replace(DECIDED, number=" "), "Ghi số quyết định"),
        (replace(DECIDED, reason=" "), "Ghi lý do"),
        (replace(DECIDED, reason="a" * 251), "Lý do dài quá"),
        (replace(DECIDED, level=5), "Chọn một mức độ"),
        (replace(DECIDED, system=2022, level=1, valid_from=AUGUST), "Chọn một mức độ"),
        (replace(DECIDED, system=2022), "chỉ áp dụng từ 15/08/2022"),
        (replace(DECIDED, valid_from=AUGUST), "Từ 15/08/2022 không còn"),
        (replace(DECIDED, level=4), "Chưa ai xét điều kiện"),
        (replace(DECIDED, valid_from=dt.date(2020, 1, 1), date=dt.date(2020, 1, 1)), "Đã có quyết định"),
    ],
)
def test_a_wrong_decision_is_refused_in_words_and_changes_nothing(
    keepers: Keepers, said: LevelDecision, words: str
) -> None:
    assert words in refused(lambda: decide(keepers.khoa, said))


def test_a_level_that_the_procedure_may_not_have_is_refused(keepers: Keepers) -> None:
    assert "chưa nhận hồ sơ qua mạng" in refused(lambda: decide(keepers.khoa, DECIDED, AT_THE_COUNTER))
    assert decide(keepers.khoa, replace(DECIDED, level=2), AT_THE_COUNTER).level == 2
    bare = make_version()
    ProcedureVersion.objects.filter(pk=bare.pk).update(published_at=AT)
    assert decide(keepers.khoa, DECIDED, bare.procedure.code).level == 3
    unserved = make_version("9.000002")
    unserved.cases.get().steps.all().delete()
    ProcedureVersion.objects.filter(pk=unserved.pk).update(published_at=AT)
    assert "chưa có quy trình nội bộ" in refused(lambda: decide(keepers.khoa, DECIDED, "9.000002"))
    Procedure.objects.filter(code="9.000002").update(executing_levels=["ministry"])
    assert "do bộ, ngành" in refused(lambda: decide(keepers.khoa, replace(DECIDED, level=2), "9.000002"))
    assert "do bộ, ngành" in refused(lambda: find(keepers.khoa, YES, "9.000002"))
    unpublish(by=keepers.khoa, at=AT, code=CODE, decision=Decision("9/QĐ-UBND", TODAY, TODAY))
    assert "không có bản nào hiệu lực" in refused(lambda: decide(keepers.khoa))


def test_a_level_said_to_end_is_not_cut_short(keepers: Keepers) -> None:
    ServiceLevel.objects.filter(procedure__code=CODE).update(valid_to=JUNE)
    assert "đã định đến hết 01/06/2022" in refused(lambda: decide(keepers.khoa))
    assert decide(keepers.khoa, replace(DECIDED, valid_from=JUNE + DAY)).valid_from == JUNE + DAY
    assert ServiceLevel.objects.filter(procedure__code=CODE, valid_to=JUNE).exists()


def test_level_4_needs_eligibility_on_its_first_day_and_eligibility_cannot_end_on_it(
    keepers: Keepers,
) -> None:
    decide(keepers.khoa)
    find(keepers.khoa, replace(YES, is_eligible=False, valid_from=JUNE, reason="Còn bản giấy."))
    four = replace(DECIDED, level=4, valid_from=JUNE + DAY)
    assert "chưa đủ điều kiện mức độ 4: Còn bản giấy. Xét lại" in refused(lambda: decide(keepers.khoa, four))
    assert [one.code for one in eligible_not_yet(keepers.vy, JUNE + DAY)] == []
    find(keepers.khoa, replace(YES, valid_from=JUNE + DAY))
    assert [one.code for one in eligible_not_yet(keepers.vy, JUNE + DAY)] == [CODE]
    assert eligible_not_yet(keepers.vy, JUNE) == []
    decide(keepers.khoa, four)
    assert eligible_not_yet(keepers.vy, JUNE + DAY) == []
    no = replace(YES, is_eligible=False)
    assert "Quyết định hạ mức độ trước" in refused(
        lambda: find(keepers.khoa, replace(no, valid_from=JUNE + 9 * DAY))
    )
    assert "Lần xét trước áp dụng từ" in refused(lambda: find(keepers.khoa, replace(no, valid_from=JUNE)))
    assert "Ghi lý do" in refused(lambda: find(keepers.khoa, replace(YES, reason=" ")))
    assert "Ghi căn cứ" in refused(lambda: find(keepers.khoa, replace(YES, basis=" ")))


def test_a_sheet_published_later_does_not_undo_a_decision(keepers: Keepers) -> None:
    decide(keepers.khoa)
    levels = list(ServiceLevel.objects.filter(procedure__code=CODE).order_by("pk").values())
    again = sheet(CODE) | {"effective_from": "2022-07-01"}
    publish_all([again], by=SYSTEM, at=AT)
    assert list(ServiceLevel.objects.filter(procedure__code=CODE).order_by("pk").values()) == levels


def at_once(*acts: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            return act()
        except DecidedMeanwhile as first:
            return first
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_of_two_who_decide_at_once_one_wins_and_the_other_reads_who(keepers: Keepers) -> None:
    seen = levels_of(keepers.khoa, CODE, TODAY).seen

    def act(by: Actor, level: int, first: dt.date) -> Callable[[], object]:
        said = replace(DECIDED, level=level, valid_from=first, seen=seen)
        return lambda: decide_level(by=by, at=AT, code=CODE, decision=said)

    got = at_once(act(keepers.khoa, 3, JUNE), act(keepers.nha, 2, JUNE + DAY))
    (won,) = [one for one in got if isinstance(one, ServiceLevel)]
    (lost,) = [one for one in got if isinstance(one, DecidedMeanwhile)]
    winner = keepers.khoa if got[0] is won else keepers.nha
    assert str(lost).startswith(f"{winner.name} vừa quyết định trước, lúc 8 giờ 30")
    assert ServiceLevel.objects.filter(procedure__code=CODE).count() == 2


def test_of_two_who_find_at_once_one_wins(keepers: Keepers) -> None:
    def act(by: Actor) -> Callable[[], object]:
        return lambda: decide_eligibility(by=by, at=AT, code=CODE, decision=YES)

    got = at_once(act(keepers.khoa), act(keepers.nha))
    assert sorted(type(one).__name__ for one in got) == ["DecidedMeanwhile", "Eligibility"]
    assert Eligibility.objects.count() == 1
