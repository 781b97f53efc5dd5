"""Targets of use: set by a decision, replaced and never edited, copied as previewed, beside what was counted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import Account, Actor
from tinhso.journal.api import history
from tinhso.measures.models import CountedDay, UseTarget
from tinhso.measures.queries.targets import copy_plan, holding, target_of, targets_of
from tinhso.measures.services.copy_targets import copy_targets
from tinhso.measures.services.set_target import Aim, Decision, TargetChanged, TargetRefused, set_target
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.factories import receive

MAY, TODAY = dt.date(2022, 5, 1), NOW.date()
DECISION = Decision("45/KH-UBND", dt.date(2022, 5, 4))
LATER = Decision("51/KH-UBND", dt.date(2022, 5, 9))
CODE = "9.000001"


def aim(office: int | None = None, code: str = "", count: int | None = 40, share: str | None = "25") -> Aim:
    return Aim(MAY, office, code, count, Decimal(share) if share else None)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def count_days(office: int, code: str = CODE, **channels: int) -> None:
    """Count the days of May so far; what came, came on the third."""
    for n in range(TODAY.day):
        CountedDay.objects.get_or_create(day=MAY + dt.timedelta(days=n), defaults={"counted_at": NOW})
    receive(code, MAY + dt.timedelta(days=2), office, **channels)


def typed(**changed: str) -> dict[str, str]:
    form = {"month": "05/2022", "office": "", "code": "", "count": "1.200", "share": "30,5"}
    return form | {"number": "45/KH-UBND", "date": "04/05/2022", "replaces": ""} | changed


def test_a_later_decision_replaces_and_the_history_stays(promoting: Promoting) -> None:
    first = set_target(by=promoting.oanh, at=NOW, aim=aim(), decision=DECISION)
    second = set_target(by=promoting.phuc, at=NOW, aim=aim(count=60), decision=LATER, replaces=first.pk)
    result, every = target_of(promoting.oanh, first.pk, TODAY)
    assert result.target == second == holding(MAY, None, "")
    assert [one.online_count for one in every] == [60, 40]
    assert [one.set_by_id for one in every] == [promoting.phuc.account_id, promoting.oanh.account_id]
    assert len(history(first.about)) == 2
    (held,) = targets_of(promoting.oanh, MAY, TODAY).results
    assert held.target == second


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_lets_nobody_edit_or_delete_a_target(promoting: Promoting, act: str) -> None:
    target = set_target(by=promoting.oanh, at=NOW, aim=aim(), decision=DECISION)
    rows = UseTarget.objects.filter(pk=target.pk)
    change = {"update": lambda: rows.update(online_count=1), "delete": rows.delete}[act]
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert rows.get().online_count == 40


def test_who_did_not_see_the_target_that_holds_does_not_replace_it(promoting: Promoting) -> None:
    first = set_target(by=promoting.oanh, at=NOW, aim=aim(), decision=DECISION)
    with pytest.raises(TargetChanged):
        set_target(by=promoting.phuc, at=NOW, aim=aim(count=60), decision=LATER)
    set_target(by=promoting.oanh, at=NOW, aim=aim(count=50), decision=LATER, replaces=first.pk)
    with pytest.raises(TargetChanged):
        set_target(by=promoting.phuc, at=NOW, aim=aim(count=60), decision=LATER, replaces=first.pk)
    other = replace(aim(), procedure_code="9.000002")
    with pytest.raises(TargetChanged):
        set_target(by=promoting.phuc, at=NOW, aim=other, decision=LATER, replaces=first.pk)
    assert set(UseTarget.objects.values_list("online_count", flat=True)) == {40, 50}


@pytest.mark.parametrize(
    ("wrong", "decision", "says"),
    [
        ({"count": None, "share": None}, DECISION, "Ghi số hồ sơ, tỷ lệ"),
        ({"share": "100.01"}, DECISION, "không quá 100"),
        ({"count": 0}, DECISION, "từ 1 đến"),
        ({"office": 999_999_999}, DECISION, "Không thấy cơ quan"),
        ({"code": "9.999999"}, DECISION, "Không thấy mã thủ tục"),
        ({}, Decision("45/KH-UBND", dt.date(2022, 5, 11)), "chưa tới"),
        ({}, Decision(" ", dt.date(2022, 5, 4)), "Ghi số văn bản"),
    ],
)
def test_what_cannot_be_a_target_is_refused_with_a_sentence(
    promoting: Promoting, wrong: dict[str, Any], decision: Decision, says: str
) -> None:
    with pytest.raises(TargetRefused, match=says):
        set_target(by=promoting.oanh, at=NOW, aim=aim(**wrong), decision=decision)
    assert not UseTarget.objects.exists()


def test_an_earlier_decision_does_not_replace_a_later_one(promoting: Promoting) -> None:
    first = set_target(by=promoting.oanh, at=NOW, aim=aim(), decision=LATER)
    with pytest.raises(TargetRefused, match="09/05/2022"):
        set_target(by=promoting.oanh, at=NOW, aim=aim(), decision=DECISION, replaces=first.pk)


def test_results_are_the_day_counts_of_the_same_place_and_procedure(promoting: Promoting) -> None:
    here, there = promoting.cast.commune.pk, promoting.cast.elsewhere.pk
    make_version(CODE)
    make_version("9.000002")
    count_days(here, CODE, online=30, counter=50, post=20)
    count_days(here, "9.000002", counter=100)
    count_days(there, CODE, online=20)
    for office, code in ((None, ""), (None, CODE), (here, ""), (here, CODE), (there, "9.000002")):
        set_target(by=promoting.oanh, at=NOW, aim=aim(office, code), decision=DECISION)
    found = targets_of(promoting.oanh, MAY, TODAY)
    told: dict[tuple[int | None, str], tuple[object, ...]] = {
        (one.target.office_id, one.target.procedure_code): (
            one.received.online,
            one.received.whole,
            one.count.short if one.count else None,
            one.share.done if one.share else None,
            one.is_reached,
        )
        for one in found.results
    }
    assert told == {
        (None, ""): (50, 220, 10, 100 * Decimal(50) / 220, False),
        (None, CODE): (50, 120, 10, 100 * Decimal(50) / 120, True),
        (here, ""): (30, 200, -10, 15, False),
        (here, CODE): (30, 100, -10, 30, False),
        (there, "9.000002"): (0, 0, -40, None, False),
    }
    assert (found.uncounted, found.is_over, found.until) == ((), False, TODAY)
    CountedDay.objects.filter(day=dt.date(2022, 5, 7)).delete()
    assert targets_of(promoting.oanh, MAY, TODAY).uncounted == (dt.date(2022, 5, 7),)


def test_a_month_is_copied_as_previewed_and_what_the_next_has_is_kept(promoting: Promoting) -> None:
    oanh, here = promoting.oanh, promoting.cast.commune.pk
    june = dt.date(2022, 6, 1)
    whole = set_target(by=oanh, at=NOW, aim=aim(), decision=DECISION)
    set_target(by=oanh, at=NOW, aim=aim(here, count=7), decision=DECISION)
    set_target(by=oanh, at=NOW, aim=replace(aim(here, count=9), month=june), decision=DECISION)
    plan = copy_plan(oanh, MAY)
    assert ([one.pk for one in plan.new], [one.online_count for one in plan.kept]) == ([whole.pk], [7])
    set_target(by=promoting.phuc, at=NOW, aim=aim(count=45), decision=LATER, replaces=whole.pk)
    with pytest.raises(TargetChanged):
        copy_targets(by=oanh, at=NOW, month=MAY, decision=LATER, seen=[whole.pk])
    assert UseTarget.objects.filter(month=june).count() == 1
    seen = [one.pk for one in copy_plan(oanh, MAY).new]
    copy_targets(by=oanh, at=NOW, month=MAY, decision=LATER, seen=seen)
    made = {one.target.office_id: one.target.online_count for one in targets_of(oanh, june, TODAY).results}
    assert made == {None: 45, here: 9}
    assert copy_plan(oanh, MAY).new == ()


def test_a_target_that_holds_is_shown_before_the_second_press_replaces_it(promoting: Promoting) -> None:
    oanh, address = client_of(promoting.oanh), reverse("measures:set_target")
    answer = oanh.post(address, typed())
    assert answer.status_code == 302
    assert "1.200" in oanh.get(answer["Location"]).content.decode()
    again = oanh.post(address, typed(count="1.500", number="51/KH-UBND", date="09/05/2022"))
    assert again.status_code == 422
    assert "45/KH-UBND" in again.content.decode()
    assert UseTarget.objects.count() == 1
    form = html.fromstring(again.content.decode()).find(".//main//form[@method='post']")
    kept = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    assert kept["count"] == "1.500"
    assert oanh.post(address, kept).status_code == 302
    held = holding(MAY, None, "")
    assert held is not None
    assert (held.online_count, held.online_share, UseTarget.objects.count()) == (1500, Decimal("30.5"), 2)


def test_a_mistake_is_said_at_its_box_and_nothing_typed_is_lost(promoting: Promoting) -> None:
    wrong = typed(month="13/2022", count="nhiều", share="một nửa", number="", date="hôm qua")
    answer = client_of(promoting.oanh).post(reverse("measures:set_target"), wrong)
    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    assert {box.get("href") for box in page.iterfind(".//div[@class='errors measure']//a")} == {
        "#month",
        "#count",
        "#share",
        "#number",
        "#date",
    }
    assert page.get_element_by_id("count").get("value") == "nhiều"
    assert not UseTarget.objects.exists()


def test_the_table_as_a_file_tells_what_the_page_tells_and_runs_no_formula(promoting: Promoting) -> None:
    here = promoting.cast.commune.pk
    make_version(CODE)
    count_days(here, CODE, online=30, counter=70)
    set_target(
        by=promoting.oanh,
        at=NOW,
        aim=aim(here, CODE),
        decision=Decision("=HYPERLINK(1)", dt.date(2022, 5, 4)),
    )
    answer = client_of(promoting.oanh).get(reverse("measures:targets_csv"), {"thang": "05/2022"})
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["so_van_ban"] == "'=HYPERLINK(1)"
    assert (row["chi_tieu_so_ho_so"], row["truc_tuyen"], row["chenh_lech_so_ho_so"]) == ("40", "30", "-10")
    assert (row["chi_tieu_ty_le"], row["ty_le_truc_tuyen"], row["chenh_lech_ty_le"]) == ("25", "30", "5")
    assert (row["nguoi_dat"], row["tinh_den"]) == ("Kiều Oanh Nháp", "2022-05-10")
    assert client_of(promoting.cast.minh).get(reverse("measures:targets_csv")).status_code == 404
