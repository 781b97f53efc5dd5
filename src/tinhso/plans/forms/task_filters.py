"""The filters of tasks as they stand in an address; the same for the table, the board, the line of time and the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from tinhso.plans.queries.task_views import TABS, Asked
from tinhso.plans.queries.tasks import ORDERS, TaskFilters
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text, day_of

#: The words of the address, in the order in which links write them.
FILTER_KEYS: Final = (
    *("q", "co-quan", "chu-tri", "phoi-hop", "nhom", "nhan", "trang-thai", "han", "chi-dao", "ke-hoach"),
    *("chi-tieu", "viec-chung", "tu", "den", "nguoi-giao", "cho", "gap", "xep"),
)
VIEWS: Final = ("bang", "cot", "thoi-gian")
_LONGEST: Final = 200
_LARGEST: Final = 2**31 - 1
_NOBODY: Final = 0


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for. ``typed``: what stands in its boxes; ``wrong``: box → sentence; ``view``: how it is shown."""

    asked: Asked
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    view: str
    page: int
    week: dt.date | None

    def query(self, **changes: str | None) -> str:
        """Return the address's words with changes; None or blank leaves a word out."""
        words = {
            **self.typed,
            "the": self.asked.tab if self.typed.get("the") else "",
            "xem": "" if self.view == VIEWS[0] else self.view,
            **changes,
        }
        kept = {key: value for key, value in words.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    @property
    def is_filtered(self) -> bool:
        """Say whether any filter is set, the tab and the order left out."""
        return any(value for key, value in self.typed.items() if key not in ("the", "xep"))


def address_of(data: Mapping[str, str]) -> Address:
    """Return what was asked for. A number that is none asks for nobody's; a day that is none is told in ``wrong``."""
    typed = {key: tidy(visible(data.get(key, "")))[:_LONGEST] for key in (*FILTER_KEYS, "the")}
    wrong: dict[str, str] = {}
    days: dict[str, dt.date | None] = {}
    for key in ("tu", "den"):
        days[key] = day_of(typed[key]) if typed[key] else None
        if typed[key] and days[key] is None:
            wrong[key] = _("Viết ngày như 01/05/2022.")
    if days["tu"] and days["den"] and days["tu"] > days["den"]:
        wrong["den"] = _("Ngày đến đứng trước ngày từ. Đổi lại hai ngày.")
    order = typed["xep"] if typed["xep"] in ORDERS else ""
    typed["xep"] = order
    filters = TaskFilters(
        words=typed["q"],
        office=_number(typed["co-quan"]),
        lead=_number(typed["chu-tri"]),
        group=typed["nhom"],
        tag=typed["nhan"],
        state=typed["trang-thai"],
        deadline=typed["han"],
        directive=_number(typed["chi-dao"]),
        plan=_number(typed["ke-hoach"]),
        target=_number(typed["chi-tieu"]),
        parent=_number(typed["viec-chung"]),
        due_from=days["tu"],
        due_to=days["den"],
        waits={"bao-cao": "report", "gia-han": "extension"}.get(typed["cho"], typed["cho"]),
        is_priority=bool(typed["gap"]),
        order=order or ORDERS[0],
    )
    usual = "tat-ca" if filters.state or filters.deadline or filters.waits else "chua-xong"
    typed["the"] = typed["the"] if typed["the"] in TABS else ""
    view = data.get("xem", "")
    page = data.get("trang", "")
    return Address(
        asked=Asked(filters, _number(typed["phoi-hop"]), _number(typed["nguoi-giao"]), typed["the"] or usual),
        typed=typed,
        wrong=wrong,
        view=view if view in VIEWS else VIEWS[0],
        page=_number(page) or 1,
        week=day_of(tidy(data.get("tuan", ""))),
    )


def week_words(day: dt.date) -> str:
    """Return a day as an address writes it."""
    return date_text(day)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        return _NOBODY
    return min(int(text[:12]), _LARGEST)
