"""Services that nobody uses online, and where people give up: counts, never a name, never a small number."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from lxml import html

from tinhso.catalogue.api import import_sheets
from tinhso.catalogue.tests.factories import decide_level, make_online
from tinhso.directory.api import SYSTEM
from tinhso.dossiers.tests.factories import make_draft
from tinhso.measures.models import CountedDay
from tinhso.measures.queries.uptake import Wanted, uptake
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.factories import receive
from tinhso.measures.tests.test_targets import client_of

FIRST, LAST = dt.date(2022, 4, 11), dt.date(2022, 5, 10)
OLD, NEW = dt.date(2021, 1, 1), dt.date(2022, 1, 1)


def all_counted() -> None:
    CountedDay.objects.bulk_create(
        CountedDay(day=FIRST + dt.timedelta(days=n), counted_at=NOW) for n in range(-30, 30)
    )


def test_each_online_service_is_listed_by_how_it_is_used(promoting: Promoting) -> None:
    here = promoting.cast.commune.pk
    all_counted()
    for code, since, eligible in (
        ("9.000001", OLD, False),
        ("9.000002", NEW, True),
        ("9.000003", OLD, True),
        ("9.000004", OLD, True),
        ("9.000005", OLD, True),
        ("9.000006", OLD, False),
    ):
        make_online(code, since, eligible=eligible)
    make_online("9.000007", level=2)
    receive("9.000004", FIRST, here, counter=3, post=1)
    receive("9.000005", LAST, here, online=9)
    receive("9.000005", FIRST - dt.timedelta(days=1), here, online=4)
    receive("9.000006", LAST, here, online=2, counter=8)
    receive("9.000003", FIRST - dt.timedelta(days=1), here, online=5)
    found = uptake(FIRST, LAST)
    assert len(found.every) == 6
    assert [one.service.code for one in found.unused] == ["9.000003", "9.000002", "9.000001"]
    assert [one.service.code for one in found.counter_only] == ["9.000004"]
    assert [(one.service.code, one.rise) for one in found.risers] == [("9.000005", 5), ("9.000006", 2)]
    assert (found.whole.online, found.whole.whole) == (11, 23)
    assert uptake(FIRST, LAST, Wanted(level="province")).every == ()
    assert len(uptake(FIRST, LAST, Wanted(department="Sở Tư pháp")).every) == 6
    CountedDay.objects.filter(day=FIRST - dt.timedelta(days=3)).delete()
    assert uptake(FIRST, LAST).risers == ()


def test_a_service_that_was_offline_in_between_is_online_since_it_came_back(promoting: Promoting) -> None:
    procedure = make_online("9.000001", NEW)
    decide_level(procedure, 3, dt.date(2020, 1, 1), dt.date(2021, 5, 31))
    decide_level(procedure, 2, dt.date(2021, 6, 1), NEW - dt.timedelta(days=1))
    (one,) = uptake(FIRST, LAST).every
    assert one.service.since == NEW
    assert uptake(dt.date(2021, 7, 1), dt.date(2021, 7, 31)).every == ()


def test_the_page_lists_what_the_query_finds_and_leads_to_the_poster(promoting: Promoting) -> None:
    all_counted()
    make_online("9.000001")
    page = client_of(promoting.oanh).get(reverse("measures:uptake"), {"tu": "11/04/2022"}).content.decode()
    assert "1 trên 1 dịch vụ trực tuyến chưa có hồ sơ nào" in page
    links = {link.get("href") for link in html.fromstring(page).iterfind(".//main//a")}
    assert reverse("portal:print_poster", args=["9.000001"]) in links
    anchors = {link[1:] for link in links if link and link.startswith("#")}
    assert anchors
    assert anchors <= {one.get("id") for one in html.fromstring(page).iter() if one.get("id")}


@pytest.fixture
def birth(promoting: Promoting) -> None:
    """Begin drafts of birth registration: nine given up at the papers, three on the check page, four worked on."""
    import_sheets(by=SYSTEM, at=NOW)
    old, fresh = NOW - dt.timedelta(days=8), NOW - dt.timedelta(days=6)
    for furthest, saved, n in (
        ("buoc.giay-to", old, 9),
        ("buoc.xem-lai", old, 3),
        ("buoc.giay-to", fresh, 4),
    ):
        for _one in range(n):
            make_draft("1.001193", furthest, saved, name="Người Bí Mật Thử")


@pytest.mark.parametrize("name", ["giving_up", "steps"])
def test_small_numbers_are_never_told_and_nobody_is_named(
    promoting: Promoting, birth: None, name: str
) -> None:
    args = ["1.001193"] if name == "steps" else []
    page = client_of(promoting.oanh).get(reverse(f"measures:{name}", args=args)).content.decode()
    main = html.fromstring(page).find(".//main")
    assert main is not None
    told = " ".join(main.text_content().split())
    assert "Bí Mật" not in page
    assert "Bỏ dở nhiều nhất ở bước “Gửi giấy tờ”: 9 bản nháp" in told
    assert "dưới 5" in told
    cells = {" ".join(cell.text_content().split()) for cell in main.iterfind(".//td")}
    bars = {text.text for text in main.iterfind(".//text[@class='tb']")}
    assert not {"1", "2", "3", "4"} & (cells | bars)


def test_days_that_are_no_days_are_told_and_the_usual_period_is_shown(promoting: Promoting) -> None:
    oanh = client_of(promoting.oanh)
    for name in ("uptake", "giving_up"):
        for days in ({"tu": "hôm kia"}, {"tu": "09/05/2022", "den": "01/05/2022"}, {"den": "11/05/2022"}):
            answer = oanh.get(reverse(f"measures:{name}"), days)
            assert answer.status_code == 200
            assert 'id="ky-err"' in answer.content.decode()


def test_strangers_find_no_page(promoting: Promoting) -> None:
    names = ("uptake", "giving_up", "targets", "set_target", "copy_targets", "targets_csv")
    for name in names:
        assert client_of(promoting.cast.quan).get(reverse(f"measures:{name}")).status_code == 404
