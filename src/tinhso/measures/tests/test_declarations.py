"""What bodies declare: entered by one, confirmed by another, replaced and never edited, apart from what was counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import ANYBODY, SYSTEM, Account, Actor, OfficeKind, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast, make_office
from tinhso.journal.api import history
from tinhso.measures.models import Declaration, DeclarationAnswer
from tinhso.measures.permissions import DECLARATIONS, MayDeclare
from tinhso.measures.queries.coverage import coverage
from tinhso.measures.queries.declarations import declared, last_of, may_answer, standing, waiting
from tinhso.measures.rules.coverage import Status, System
from tinhso.measures.services.answer_declaration import AlreadyAnswered, AnswerRefused, answer_declaration
from tinhso.measures.services.declare_status import (
    DeclarationChanged,
    DeclarationRefused,
    Declared,
    declare_status,
)
from tinhso.measures.services.load_declarations import load_declarations
from tinhso.measures.services.set_target import Decision
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere

NOW = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
TODAY = NOW.date()
DECISION = Decision("45/BC-UBND", dt.date(2022, 4, 14))
SINCE = dt.date(2022, 4, 1)


@dataclass(frozen=True)
class Office:
    """The cast, Ngân and Như who enter, Thắm who confirms, Bảo who does both, and the Party's office."""

    cast: Cast
    ngan: Actor
    nhu: Actor
    tham: Actor
    bao: Actor
    party: int


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = make_cast()
    keeping = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
    party = make_office("Văn phòng Tỉnh ủy", OfficeKind.PARTY_BODY, "000.00.60.H40")
    enters, confirms = (keeping, Role.STATISTICIAN, "Tổng hợp"), (keeping, Role.FIGURES_APPROVER, "Duyệt")
    return Office(
        cast,
        make_actor("ngan", "Vương Ngân Mẫu", enters),
        make_actor("nhu", "Vương Như Thử", enters),
        make_actor("tham", "Nghiêm Thắm Nháp", confirms),
        make_actor("bao", "Nghiêm Bảo Thử", enters, confirms),
        party.pk,
    )


def declare(office: Office, by: Actor, replaces: Declaration | None = None, **changed: Any) -> Declaration:
    said = {
        "office_id": office.party,
        "system": System.SIGNATURES,
        "status": Status.RUNS,
        "valid_from": SINCE,
    }
    what = Declared(**{**said, **changed})
    return declare_status(
        by=by, at=NOW, what=what, decision=DECISION, replaces=replaces.pk if replaces else None
    )


def confirm(by: Actor, line: Declaration, at: dt.datetime = NOW) -> DeclarationAnswer:
    return answer_declaration(by=by, at=at, declaration=line.pk, outcome="confirmed")


def holds(office: Office, day: dt.date = TODAY, moment: dt.datetime = NOW) -> Status | None:
    line = declared(System.SIGNATURES, day, by_moment=moment).get(office.party)
    return line.status if line else None


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def test_a_line_holds_once_a_second_person_has_confirmed_it(office: Office) -> None:
    line = declare(office, office.ngan)
    assert (holds(office), [one.pk for one in waiting(office.tham)]) == (None, [line.pk])
    confirm(office.tham, line)
    assert (holds(office), waiting(office.tham), [one.pk for one in standing(office.ngan)]) == (
        Status.RUNS,
        [],
        [line.pk],
    )
    assert holds(office, SINCE) is Status.RUNS
    assert holds(office, SINCE - dt.timedelta(days=1)) is None
    assert holds(office, moment=NOW - dt.timedelta(seconds=1)) is None
    assert [type(entry).__name__ for entry in history(line.about)].__len__() == 2


def test_a_returned_line_never_holds_and_says_why(office: Office) -> None:
    line = declare(office, office.ngan)
    with pytest.raises(AnswerRefused):
        answer_declaration(by=office.tham, at=NOW, declaration=line.pk, outcome="returned", note=" ")
    with pytest.raises(AnswerRefused):
        answer_declaration(by=office.tham, at=NOW, declaration=line.pk, outcome="perhaps")
    with pytest.raises(AnswerRefused):
        answer_declaration(by=office.tham, at=NOW, declaration=line.pk, outcome="returned", note="x" * 201)
    answer_declaration(by=office.tham, at=NOW, declaration=line.pk, outcome="returned", note="Sai số văn bản")
    assert holds(office) is None
    with pytest.raises(NotThere):
        confirm(office.tham, line)


def test_a_later_line_leaves_earlier_days_and_a_correction_takes_them(office: Office) -> None:
    first = declare(office, office.ngan)
    confirm(office.tham, first)
    later = declare(office, office.nhu, first, status=Status.RUNS_NOT, valid_from=dt.date(2022, 5, 1))
    assert holds(office) is Status.RUNS
    confirm(office.tham, later)
    assert (holds(office, dt.date(2022, 4, 30)), holds(office, dt.date(2022, 5, 1))) == (
        Status.RUNS,
        Status.RUNS_NOT,
    )
    mended = declare(office, office.ngan, later, status=Status.RUNS, valid_from=dt.date(2022, 4, 20))
    confirm(office.tham, mended)
    assert (holds(office, dt.date(2022, 5, 1)), last_of(office.party, System.SIGNATURES)) == (
        Status.RUNS,
        mended,
    )


def test_two_at_once_are_told_and_look_again(office: Office) -> None:
    first = declare(office, office.ngan)
    with pytest.raises(DeclarationChanged):
        declare(office, office.nhu)
    second = declare(office, office.nhu, first)
    with pytest.raises(DeclarationChanged):
        declare(office, office.ngan, first)
    with pytest.raises(DeclarationChanged):
        declare(office, office.ngan, second, office_id=office.cast.commune.pk)


@pytest.mark.parametrize(
    ("changed", "decision"),
    [
        ({}, Decision(" ", DECISION.date)),
        ({}, Decision("4" * 81, DECISION.date)),
        ({}, Decision("45/BC", TODAY + dt.timedelta(days=1))),
        ({"status": Status.UNKNOWN}, DECISION),
        ({"valid_from": dt.date(2020, 12, 31)}, DECISION),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    office: Office, changed: dict[str, Any], decision: Decision
) -> None:
    said = {"office_id": office.party, "system": System.ONE_STOP, "status": Status.RUNS, "valid_from": SINCE}
    with pytest.raises(DeclarationRefused):
        declare_status(by=office.ngan, at=NOW, what=Declared(**{**said, **changed}), decision=decision)


def test_whoever_entered_it_does_not_confirm_it(office: Office) -> None:
    line = declare(office, office.bao)
    with pytest.raises(NotThere):
        confirm(office.bao, line)
    assert not may_answer(office.bao, line)
    assert may_answer(office.tham, line)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclarationAnswer.objects.create(
            declaration=line, outcome="confirmed", answered_by_id=office.bao.account_id, answered_at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclarationAnswer.objects.create(declaration=line, outcome="confirmed", answered_at=NOW)
    confirm(office.tham, line)


def test_a_line_that_was_replaced_is_answered_no_more(office: Office) -> None:
    line = declare(office, office.ngan)
    declare(office, office.ngan, line, status=Status.RUNS_NOT)
    with pytest.raises(NotThere):
        confirm(office.tham, line)


def test_a_line_replaced_while_it_is_answered_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = declare(office, office.ngan)
    stale = DECLARATIONS.one(office.tham, MayDeclare.ANSWER, pk=line.pk)
    declare(office, office.ngan, line, status=Status.RUNS_NOT)
    monkeypatch.setattr(DECLARATIONS, "one", lambda *_args, **_more: stale)
    with pytest.raises(AlreadyAnswered):
        confirm(office.tham, line)


def test_two_answers_at_once_are_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    line = declare(office, office.ngan)
    stale = DECLARATIONS.one(office.tham, MayDeclare.ANSWER, pk=line.pk)
    confirm(office.tham, line)
    monkeypatch.setattr(DECLARATIONS, "one", lambda *_args, **_more: stale)
    with pytest.raises(AlreadyAnswered):
        confirm(office.tham, line)


@pytest.mark.parametrize("rows", ["Declaration", "DeclarationAnswer"])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_lets_nobody_edit_or_delete(office: Office, rows: str, act: str) -> None:
    confirm(office.tham, declare(office, office.ngan))
    tables: dict[str, Any] = {"Declaration": Declaration, "DeclarationAnswer": DeclarationAnswer}
    every = tables[rows].objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        every.update(id=99) if act == "update" else every._raw_delete("default")


def test_a_line_replaces_one_of_its_own_body_and_system(office: Office) -> None:
    line = declare(office, office.ngan)
    row = {"status": "runs", "valid_from": SINCE, "decision_number": "1", "decision_date": SINCE}
    for other in (
        {"office_id": office.cast.commune.pk, "system": line.system},
        {"office_id": line.office_id, "system": "one_stop"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Declaration.objects.create(
                **row, **other, replaces=line, entered_by_id=office.ngan.account_id, entered_at=NOW
            )


def test_who_may_see_enter_and_answer(office: Office) -> None:
    open_line = declare(office, office.ngan, system=System.ONE_STOP)
    confirmed = declare(office, office.ngan)
    confirm(office.tham, confirmed)
    everybody = [one for one in vars(office.cast).values() if isinstance(one, Actor)]
    everybody += [office.ngan, office.nhu, office.tham, office.bao, ANYBODY, SYSTEM]
    sees = {True: {open_line.pk, confirmed.pk}, False: {confirmed.pk}}
    for one in everybody:
        keeps = one in (office.ngan, office.nhu, office.tham, office.bao)
        enters = one in (office.ngan, office.nhu, office.bao)
        answers = one in (office.tham, office.bao)
        found = {may: set(DECLARATIONS.rows(one, may).values_list("pk", flat=True)) for may in MayDeclare}
        assert found[MayDeclare.READ] == sees[keeps]
        assert found[MayDeclare.REPLACE] == (sees[True] if enters else set())
        assert found[MayDeclare.ANSWER] == ({open_line.pk} if answers else set())
        if not enters:
            with pytest.raises(NotThere):
                declare(office, one, system=System.INTERLINKED)


def typed(office: Office, **changed: str) -> dict[str, str]:
    form = {"office": str(office.party), "system": "signatures", "status": "runs", "since": "01/04/2022"}
    return form | {"number": "45/BC-UBND", "date": "14/04/2022", "replaces": ""} | changed


def test_a_line_goes_from_the_form_to_the_public_page(office: Office) -> None:
    ngan, tham, stranger = client_of(office.ngan), client_of(office.tham), Client()
    sent = ngan.post(reverse("measures:declare"), typed(office))
    line = Declaration.objects.get()
    assert sent.headers["Location"] == reverse("measures:declaration", args=[line.pk])
    public = reverse("measures:coverage")
    assert "45/BC-UBND" not in stranger.get(public).content.decode()
    assert "Chờ xác nhận" in tham.get(reverse("measures:declaration", args=[line.pk])).content.decode()
    refused = tham.post(reverse("measures:declaration", args=[line.pk]), {"outcome": "returned", "note": ""})
    assert refused.status_code == 422
    tham.post(reverse("measures:declaration", args=[line.pk]), {"outcome": "confirmed"})
    page = stranger.get(f"{public}?vao=09/05/2022").content.decode()
    assert "45/BC-UBND" in page
    assert "Vương Ngân" not in page
    assert "Nghiêm Thắm" not in page
    for name in ("declarations", "declare"):
        assert client_of(office.cast.minh).get(reverse(f"measures:{name}")).status_code == 404


def test_a_form_keeps_what_was_typed_and_shows_what_stands_before_it_is_replaced(office: Office) -> None:
    ngan, url = client_of(office.ngan), reverse("measures:declare")
    wrong = ngan.post(url, typed(office, since="hôm kia", number="Một Hai Ba"))
    assert wrong.status_code == 422
    assert 'value="Một Hai Ba"' in wrong.content.decode()
    assert 'value="hôm kia"' in wrong.content.decode()
    refused = ngan.post(url, typed(office, date="11/05/2022"))
    assert (refused.status_code, "chưa tới" in refused.content.decode()) == (422, True)
    first = declare(office, office.nhu)
    seen = ngan.post(url, typed(office, status="runs_not"))
    assert (seen.status_code, "đã có dòng khai" in seen.content.decode()) == (422, True)
    assert f'name="replaces" value="{first.pk}"' in seen.content.decode()
    ngan.post(url, typed(office, status="runs_not", replaces=str(first.pk)))
    assert Declaration.objects.get(replaces=first).status == "runs_not"
    gone = ngan.post(url, typed(office, system="one_stop", replaces="999999"))
    assert (gone.status_code, "chưa có dòng khai" in gone.content.decode()) == (422, True)


def test_a_link_offers_the_line_that_stands_last(office: Office) -> None:
    first = declare(office, office.ngan)
    last = declare(office, office.ngan, first, status=Status.RUNS_NOT)
    ngan = client_of(office.ngan)
    page = ngan.get(reverse("measures:declare"), {"thay": str(first.pk)}).content.decode()
    assert f'name="replaces" value="{last.pk}"' in page
    for nonsense in ("x", "999999"):
        assert ngan.get(reverse("measures:declare"), {"thay": nonsense}).status_code == 404


def test_the_list_is_narrowed_by_name_without_marks(office: Office) -> None:
    confirm(office.tham, declare(office, office.ngan))
    confirm(office.tham, declare(office, office.ngan, office_id=office.cast.commune.pk))
    assert [one.office_id for one in standing(office.ngan, "tinh uy")] == [office.party]
    page = client_of(office.ngan).get(reverse("measures:declarations"), {"ten": "không có nơi này"})
    assert "Không có dòng nào" in page.content.decode()


def test_the_demo_declares_once_with_its_mark(office: Office) -> None:
    assert load_declarations(until=dt.datetime(2022, 4, 1, tzinfo=VN)) == 0
    n = load_declarations(until=NOW)
    assert n == Declaration.objects.filter(is_illustrative=True).count() > 0
    assert load_declarations(until=NOW) == 0
    found = coverage(System.SIGNATURES, TODAY, NOW)
    assert found is not None
    assert found.whole.declared[Status.RUNS] > 0
    assert found.whole.runs == 0
