"""Running dossiers keep their version until somebody moves them, and never lose anything by it."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import pytest
from django.urls import reverse

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import SYSTEM, Actor, OfficeKind, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_office
from tinhso.dossiers import api
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.submit import submit
from tinhso.dossiers.tests.desk import browser
from tinhso.dossiers.tests.factories import NINE, make_filing
from tinhso.dossiers.tests.test_intake import ANSWERS, MARRIAGE
from tinhso.journal import api as journal
from tinhso.toolkit import clock
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere

TOMORROW = NINE + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _sheets(cast: Cast) -> None:
    catalogue.import_sheets(by=SYSTEM, at=NINE)


@dataclass(frozen=True)
class Keepers:
    """Vy writes the catalogue, Khoa reviews it."""

    vy: Actor
    khoa: Actor


@pytest.fixture
def keepers(cast: Cast) -> Keepers:
    office = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
    return Keepers(
        make_actor("vy", "Lý Vy Ví Dụ", (office, Role.CATALOGUE_EDITOR, "Biên tập danh mục")),
        make_actor("khoa", "Tô Khoa Giả Định", (office, Role.CATALOGUE_REVIEWER, "Duyệt danh mục")),
    )


def the_sheet() -> dict[str, Any]:
    text = (files("tinhso.catalogue") / "data" / f"{MARRIAGE}.json").read_text("utf-8")
    sheet: dict[str, Any] = json.loads(text)
    sheet["effective_from"] = TOMORROW.date().isoformat()
    return sheet


def follow(sheet: dict[str, Any]) -> catalogue.ProcedureVersion:
    catalogue.publish(sheet, by=SYSTEM, at=NINE)
    return catalogue.current(MARRIAGE, TOMORROW.date())


def filed(cast: Cast, key: str = "k1", *, accepted: bool = False) -> Dossier:
    version = catalogue.current(MARRIAGE, NINE.date())
    filing = replace(
        make_filing(cast, version=version),
        case_key=catalogue.case_of(version, ANSWERS[MARRIAGE], NINE.date()).key,
        answers=ANSWERS[MARRIAGE],
    )
    made = submit(by=cast.lan, at=NINE, key=key, filing=filing)
    return accept(by=cast.minh, at=NINE, tracking_code=made.tracking_code) if accepted else made


def shorter(sheet: dict[str, Any]) -> dict[str, Any]:
    for case in sheet["cases"]:
        for channel in case["terms"]:
            channel["limit"] = {"value": "1", "unit": "wd", "basis": "thử"}
    return sheet


def test_a_receipt_s_due_moment_stays_and_the_history_tells(cast: Cast, keepers: Keepers) -> None:
    old = filed(cast, accepted=True)
    before = (old.number, old.original_due_at, old.due_at, old.limit_value, old.answers, old.fee_vnd)
    after = follow(the_sheet())
    api.rebase(by=keepers.khoa, at=TOMORROW, number=old.pk, onto=after.pk)
    moved = Dossier.objects.get(pk=old.pk)
    assert moved.version_id == after.pk
    assert (
        moved.number,
        moved.original_due_at,
        moved.due_at,
        moved.limit_value,
        moved.answers,
        moved.fee_vnd,
    ) == before
    step = moved.steps.latest("id")
    assert (step.verb, step.by_name, step.note) == (
        "rebase",
        "Tô Khoa Giả Định",
        "Từ bản 1 sang bản 2 của thủ tục",
    )
    assert journal.history(moved.about)[0].event.endswith(".DossierRebased")


def test_a_dossier_not_accepted_yet_gets_the_new_limit(cast: Cast, keepers: Keepers) -> None:
    old = filed(cast)
    after = follow(shorter(the_sheet()))
    moved = api.rebase(by=keepers.khoa, at=TOMORROW, number=old.pk, onto=after.pk)
    assert (int(moved.limit_value), moved.limit_unit) == (1, "wd")


def without_a_question(sheet: dict[str, Any]) -> str:
    form = sheet["form"]["schema"]
    title = str(form["properties"].pop("purpose_text")["title"])
    for one in form["x-pages"]:
        one["fields"] = [key for key in one["fields"] if key != "purpose_text"]
    return title


def with_a_new_question(sheet: dict[str, Any]) -> str:
    form = sheet["form"]["schema"]
    new = copy.deepcopy(form["properties"]["purpose_text"])
    new["title"] = "Điều mới phải khai"
    new["x-ui"] = {"kind": "text", "need": "required"}
    form["properties"]["brand_new"] = new
    form["x-pages"][0]["fields"].append("brand_new")
    return str(new["title"])


def with_other_choices(sheet: dict[str, Any]) -> str:
    """Take away the choice that was made."""
    asked = sheet["form"]["schema"]["properties"]["status"]
    asked["enum"].remove("chua")
    asked["x-ui"]["options"] = [one for one in asked["x-ui"]["options"] if one["value"] != "chua"]
    return str(asked["title"])


@pytest.mark.parametrize("change", [without_a_question, with_a_new_question, with_other_choices])
def test_what_would_be_lost_or_missing_is_named_and_the_dossier_stays(
    cast: Cast, keepers: Keepers, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    old = filed(cast, accepted=True)
    sheet = the_sheet()
    title = change(sheet)
    after = follow(sheet)
    with pytest.raises(api.NotRebasable) as refused:
        api.rebase(by=keepers.khoa, at=TOMORROW, number=old.pk, onto=after.pk)
    assert title in refused.value.sentences[0]
    assert Dossier.objects.get(pk=old.pk).version_id == old.version_id
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    shown = browser(keepers.khoa).get(reverse("dossiers:rebase", args=[MARRIAGE])).content.decode()
    assert "Ở lại bản cũ" in shown
    assert title in shown
    assert cast.lan.name not in shown
    assert old.tracking_code not in shown


def test_a_step_that_lies_on_another_desk_is_not_the_same_step(cast: Cast, keepers: Keepers) -> None:
    old = filed(cast, accepted=True)
    sheet = the_sheet()
    for case in sheet["cases"]:
        for step in case["steps"]:
            step["key"] = {"tham-tra": "ky", "ky": "tham-tra"}.get(step["key"], step["key"])
    after = follow(sheet)
    with pytest.raises(api.NotRebasable, match="Bước đang làm không có"):
        api.rebase(by=keepers.khoa, at=TOMORROW, number=old.pk, onto=after.pk)


def test_marked_dossiers_are_moved_from_the_page_and_nobody_else_may(
    cast: Cast, keepers: Keepers, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, other = filed(cast, accepted=True), filed(cast, "k2", accepted=True)
    after = follow(the_sheet())
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    place = reverse("dossiers:rebase", args=[MARRIAGE])
    khoa = browser(keepers.khoa)
    assert MARRIAGE in khoa.get(reverse("dossiers:rebasing")).content.decode()
    assert khoa.post(place, {"onto": after.pk}).status_code == 422
    stale = khoa.post(place, {"onto": old.version_id, "dossier": old.pk}, follow=True)
    assert "Thủ tục vừa có bản khác" in stale.content.decode()
    said = khoa.post(place, {"onto": after.pk, "dossier": old.pk}, follow=True)
    assert "Đã chuyển 1 hồ sơ sang bản 2" in said.content.decode()
    versions = dict(Dossier.objects.values_list("pk", "version_id"))
    assert versions == {old.pk: after.pk, other.pk: other.version_id}
    for actor in (keepers.vy, cast.minh, cast.hoa, cast.lan):
        assert browser(actor).get(place).status_code == 404
        with pytest.raises(NotThere):
            api.rebase(by=actor, at=TOMORROW, number=other.pk, onto=after.pk)


def test_what_has_ended_or_waits_for_the_signature_is_not_moved(cast: Cast, keepers: Keepers) -> None:
    ended = filed(cast, accepted=True)
    api.withdraw(by=cast.lan, at=NINE, tracking_code=ended.tracking_code, reason="Không cần nữa")
    after = follow(the_sheet())
    with pytest.raises(StepNotAllowed):
        api.rebase(by=keepers.khoa, at=TOMORROW, number=ended.pk, onto=after.pk)
