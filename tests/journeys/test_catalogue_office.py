"""A procedure made in the office and then ended, through the real pages.

Its way to two filed dossiers is walked in a browser (``tests.office_journey``).
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from lxml import html

from tinhso.catalogue.models import SheetDraft
from tinhso.catalogue.tests.office import Keepers, make_keepers
from tinhso.directory.api import Account, Actor
from tinhso.directory.tests.factories import Cast, make_cast
from tinhso.dossiers.models import Draft
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

CODE = "9.000123"
MORNING = dt.datetime(2022, 5, 10, 8, 0, tzinfo=VN)

pytestmark = pytest.mark.django_db


class Desk:
    """One person at the pages of the office: fills the boxes by name, as they stand on the page."""

    def __init__(self, actor: Actor) -> None:
        self.client = signed_in(actor)

    def fill(self, address: str, **boxes: str | None) -> None:
        """Open a page, change some boxes, send; None unmarks a box. A double underscore stands for a dash."""
        form = max(
            html.fromstring(self.client.get(address).content.decode()).forms, key=lambda f: len(f.fields)
        )
        said = {name: str(value) for name, value in form.form_values()}
        for name, value in boxes.items():
            key = name.replace("__", "-")
            said.pop(key, None)
            if value is not None:
                said[key] = value
        self.send(address, said)

    def send(self, address: str, said: dict[str, str]) -> None:
        """Send a form; a mistake stops the walk with the page's sentences."""
        answer = self.client.post(address, said)
        assert answer.status_code == 302, re.findall(r'<p class="err"[^>]*>.*?</p>', answer.content.decode())


def signed_in(actor: Actor) -> Client:
    assert actor.account_id is not None
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> tuple[Cast, Keepers]:
    at(monkeypatch, MORNING)
    return make_cast(), make_keepers()


def at(patch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    patch.setattr(clock, "now", lambda: moment)
    patch.setattr(clock, "today", lambda: moment.date())


def write_and_publish(keepers: Keepers, draft: int, number: str, signed: str, first: str) -> None:
    """Send to review, approve, publish by a decision: two people."""
    office = f"/danh-muc/ban-soan/{draft}/viec"
    vy, khoa = Desk(keepers.vy), Desk(keepers.khoa)
    vy.send(f"{office}/gui-duyet/", {})
    revision = SheetDraft.objects.get(pk=draft).revision
    khoa.send(f"{office}/duyet/", {"revision": str(revision)})
    vy.send(f"{office}/cong-bo/", {"number": number, "date": signed, "day": first})


def from_empty(keepers: Keepers) -> None:
    """Let Vy make the procedure from nothing: five working days, 30.000 đ, five steps."""
    vy = Desk(keepers.vy)
    vy.send(
        "/danh-muc/moi/",
        {
            "code": CODE,
            "name": "Xác nhận việc thử nghiệm",
            "field": "Hộ tịch",
            "responsible": "Sở Tư pháp",
            "level-commune": "1",
            "online": "4",
            "basis": "915/QĐ-UBND",
        },
    )
    draft = SheetDraft.objects.get(code=CODE)
    sheet = f"/danh-muc/ban-soan/{draft.pk}"
    vy.fill(f"{sheet}/noi-lam/", audience__citizen="1")
    terms: dict[str, str | None] = {}
    for channel in ("online", "counter"):
        terms[f"case__0__{channel}__value"] = "5"
        terms[f"case__0__{channel}__unit"] = "wd"
        terms[f"case__0__{channel}__limit__basis"] = "915/QĐ-UBND"
        terms[f"case__0__{channel}__vnd"] = "30.000"
        terms[f"case__0__{channel}__fee__text"] = "30.000 đ"
        terms[f"case__0__{channel}__unverified"] = None
    vy.fill(f"{sheet}/truong-hop/", **terms)
    vy.fill(f"{sheet}/giay-to/", paper__0__name="Đơn đề nghị", paper__0__originals="1")
    hours = {f"step__0__{n}__hours": h for n, h in enumerate(("2", "24", "8", "2", "2"))}
    vy.fill(f"{sheet}/quy-trinh/", **hours)
    vy.fill(f"{sheet}/can-cu/", law__0__number="61/2018/NĐ-CP", law__0__name="Nghị định một cửa")
    vy.fill(f"{sheet}/trang/", how="Gửi đơn.\nNhận giấy.", result_name="Giấy xác nhận")
    write_and_publish(keepers, draft.pk, "915/QĐ-UBND", "10/05/2022", "10/05/2022")


def test_ending_a_procedure_leaves_a_citizen_s_draft_whole_and_tells(
    people: tuple[Cast, Keepers], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, keepers = people
    from_empty(keepers)
    lan = signed_in(cast.lan)
    page = lan.post(f"/nop/{CODE}/").headers["Location"]
    office = {"office": str(cast.commune.pk)}
    page = lan.post(page, office).headers["Location"]
    draft = Draft.objects.get()
    lan.post(page, {"requester_name": "Trần Thị Lan Thử", "requester_phone": "0912000111"})
    kept = Draft.objects.get().answers | Draft.objects.get().typed
    Desk(keepers.khoa).send(
        f"/danh-muc/{CODE}/het-hieu-luc/",
        {"number": "917/QĐ-UBND", "date": "10/05/2022", "day": "10/05/2022"},
    )

    at(monkeypatch, MORNING + dt.timedelta(days=1))
    typed = {"requester_name": "Trần Thị Lan Thử", "requester_phone": "0912000222"}
    answer = lan.post(page, typed, follow=True)
    assert "Thủ tục này đã hết hiệu lực. Bản nháp còn nguyên" in answer.content.decode()
    left = Draft.objects.get(pk=draft.pk)
    assert left.dossier_id is None
    now = left.answers | left.typed
    assert now["requester_phone"] == "0912000222"
    assert now["requester_name"] == kept["requester_name"]
    assert lan.post(f"/nop/{CODE}/").status_code == 404
