"""Minutes and days of the meter, the status page, page views without a person, the export."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections import Counter
from threading import Thread
from typing import Any

import pytest
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from lxml import html

from tinhso.catalogue.api import import_sheets
from tinhso.catalogue.tests.factories import make_online
from tinhso.directory.api import SYSTEM, Actor, OfficeKind, Role
from tinhso.directory.tests.factories import make_actor, make_office
from tinhso.measures import middleware
from tinhso.measures.middleware import VISITS, PageViewsMiddleware, write_views
from tinhso.measures.models import PageViews, ProbeDay, ProbeMinute
from tinhso.measures.queries import monitoring
from tinhso.measures.queries.emc import share
from tinhso.measures.queries.monitoring import services, status, targets
from tinhso.measures.queries.views import views
from tinhso.measures.rules.availability import State, Tally, histogram, joined, percentile, runs, tally
from tinhso.measures.rules.visits import METER, Outcome, Seen, Visits, comes_from_inside, outcome_of
from tinhso.measures.services.add_views import add_views
from tinhso.measures.services.roll_days import roll_day, roll_days
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.test_targets import client_of
from tinhso.toolkit.clock import VN

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
LETTERS = {"u": State.UP, "s": State.SLOW, "d": State.DOWN, "?": State.UNKNOWN}
TODAY = NOW.date()


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)


def minutes(begun: dt.datetime, seen: str, service: str = "home", ms: int = 40) -> None:
    """Keep a minute for each letter; a dot is a minute in which the meter slept."""
    ProbeMinute.objects.bulk_create(
        ProbeMinute(
            service=service,
            minute=begun + place * MINUTE,
            state=LETTERS[letter],
            ms=ms if letter in "us" else None,
        )
        for place, letter in enumerate(seen)
        if letter != "."
    )


def health(key: str = "home", at: dt.datetime = NOW) -> monitoring.Health:
    return next(one for one in status(at).services if one.service.key == key)


@pytest.fixture
def ngan(promoting: Promoting) -> Actor:
    """Make somebody who keeps figures."""
    office = make_office("Văn phòng UBND tỉnh", OfficeKind.DEPARTMENT, "000.00.12.H40")
    return make_actor("ngan", "Vương Ngân Mẫu", (office, Role.STATISTICIAN, "Tổng hợp số liệu"))


# --- what many minutes add up to ---


def test_a_missing_minute_ends_a_run_and_is_neither_up_nor_down() -> None:
    begun = midnight(TODAY)
    seen = [(begun + n * MINUTE, State.DOWN) for n in (0, 1, 3)]
    assert [(run.minutes, run.first) for run in runs("home", seen)] == [(2, begun), (1, begun + 3 * MINUTE)]
    assert tally(runs("home", seen)) == Tally(down=3)


def test_runs_of_two_days_are_one_where_no_minute_lies_between() -> None:
    night = midnight(TODAY)
    before = runs("home", [(night - 2 * MINUTE, State.DOWN), (night - MINUTE, State.DOWN)])
    after = runs("home", [(night, State.DOWN)])
    later = runs("home", [(night + MINUTE, State.DOWN)])
    assert [run.minutes for run in joined([*after, *before])] == [3]
    assert [run.minutes for run in joined([*later, *before])] == [2, 1]


def test_times_fall_into_the_first_bound_that_holds_them() -> None:
    bounds = (100, 200)
    assert histogram([0, 100, 101, 200, 201], bounds) == [2, 2, 1]
    assert percentile([2, 2, 1], bounds, 0.5) == 200
    assert percentile([3, 2, 0], bounds, 0.5) == 100
    assert percentile([2, 2, 1], bounds, 0.95) is None
    assert percentile([0, 0, 0], bounds, 0.5) is None


def test_availability_is_never_rounded_up() -> None:
    assert str(share(Tally(up=43_199, down=1))) == "99.99"
    assert str(share(Tally(up=10))) == "100.00"
    assert str(share(Tally(up=1, slow=1, down=1))) == "66.66"
    assert share(Tally()) is None


@pytest.mark.django_db
def test_runs_from_the_database_are_those_of_the_rule() -> None:
    dice = random.Random(766)  # noqa: S311 - a fixed seed, no secret
    begun = NOW - dt.timedelta(hours=10)
    seen = "".join(dice.choice("uuuuuusddd?.") for _n in range(600))
    minutes(begun, seen)
    rows = ProbeMinute.objects.order_by("minute").values_list("minute", "state")
    wanted = runs("home", [(minute.astimezone(VN), State(state)) for minute, state in rows])
    assert monitoring.runs_between(begun, NOW)["home"] == wanted


# --- days ---


@pytest.mark.django_db
def test_a_day_is_recounted_from_its_minutes_and_what_nobody_saw_is_unknown() -> None:
    day = TODAY - DAY
    minutes(midnight(day) + 60 * MINUTE, "uuuu.dd?ss")
    for _twice in range(2):
        assert roll_day(day, at=NOW) == 1
        row = ProbeDay.objects.get(service="home", day=day)
        assert (row.up, row.slow, row.down, row.unknown) == (4, 2, 2, 1432)
        assert (row.ms_sum, row.p50_ms, sum(row.histogram)) == (240, 50, 6)
        assert row.down_runs == [[65, 2]]


@pytest.mark.django_db
def test_days_are_rolled_when_they_are_over_and_once_more_when_nothing_can_come() -> None:
    yesterday = TODAY - DAY
    minutes(midnight(yesterday), "uu")
    minutes(midnight(TODAY), "dd")
    assert roll_days(at=midnight(TODAY) + 5 * MINUTE) == 1
    assert roll_days(at=NOW) == 1
    assert roll_days(at=NOW) == 0
    assert list(ProbeDay.objects.values_list("day", flat=True)) == [yesterday]


@pytest.mark.django_db
def test_minutes_are_kept_for_two_weeks_and_then_the_day_row_speaks() -> None:
    old, edge = TODAY - 15 * DAY, TODAY - 14 * DAY
    minutes(midnight(old), "ud")
    minutes(midnight(edge), "u")
    roll_days(at=NOW)
    assert set(ProbeMinute.objects.values_list("minute", flat=True)) == {midnight(edge)}
    assert roll_days(at=NOW) == 0
    assert ProbeDay.objects.get(day=old).down == 1
    found = health()
    assert found.quarter.minutes == Tally(up=2, down=1)
    assert [(run.first, run.minutes) for run in status(NOW).outages] == [(midnight(old) + MINUTE, 1)]


# --- the status ---


@pytest.mark.django_db
def test_nothing_is_known_before_anybody_looked() -> None:
    found = health()
    assert (found.state, found.since, found.month.minutes.known) == (State.UNKNOWN, None, 0)
    assert all(day.minutes is None for day in found.days)
    assert len(found.days) == 90


@pytest.mark.django_db
def test_a_meter_that_slept_leaves_unknown_behind() -> None:
    minutes(NOW - 20 * MINUTE, "u" * 10)
    found = health()
    assert (found.state, found.since) == (State.UNKNOWN, NOW - 10 * MINUTE)
    assert found.last_day.minutes == Tally(up=10)
    assert found.last_day.of - found.last_day.minutes.known == 1430


@pytest.mark.django_db
def test_the_state_of_now_is_that_of_the_last_minutes() -> None:
    minutes(NOW - 9 * MINUTE, "uuuuddddd")
    found = health()
    assert (found.state, found.since, found.is_longer) == (State.DOWN, NOW - 5 * MINUTE, False)
    assert (found.last_day.minutes, found.mean_ms, found.p95_ms) == (Tally(up=4, down=5), 40.0, 40)
    assert [(run.first, run.end, run.minutes) for run in status(NOW).outages] == [(NOW - 5 * MINUTE, NOW, 5)]


@pytest.mark.django_db
def test_a_state_older_than_a_day_is_told_as_at_least_so_old() -> None:
    minutes(NOW - 1500 * MINUTE, "u" * 1500)
    assert health().is_longer
    assert health().last_day.minutes.known == 1440


@pytest.mark.django_db
def test_an_outage_over_midnight_is_one_though_its_first_day_is_rolled() -> None:
    minutes(midnight(TODAY) - 3 * MINUTE, "ddddd" + "u" * 535)
    for _before_and_after in range(2):
        (one,) = status(NOW).outages
        assert (one.first, one.minutes) == (midnight(TODAY) - 3 * MINUTE, 5)
        found = health()
        assert [day.minutes for day in found.days[-2:]] == [Tally(down=3), Tally(up=535, down=2)]
        assert found.month.minutes == Tally(up=535, down=5)
        roll_days(at=NOW)


@pytest.mark.django_db
def test_a_stored_unknown_minute_is_in_no_denominator() -> None:
    minutes(NOW - 4 * MINUTE, "ud??")
    found = health()
    assert (found.state, found.since) == (State.UNKNOWN, NOW - 2 * MINUTE)
    assert found.last_day.minutes == Tally(up=1, down=1)


def test_every_service_has_its_sign_on_the_real_page(promoting: Promoting, client: Client) -> None:
    import_sheets(by=SYSTEM, at=NOW)
    wanted = targets(NOW)
    assert {one.service for one in wanted} == {one.key for one in services()}
    for one in wanted:
        answer = client.get(one.path)
        assert answer.status_code == 200, one
        assert one.sign in answer.content.decode(), one
        assert [two.service for two in wanted if two.sign in answer.content.decode()] == [one.service]


@pytest.mark.django_db
def test_without_a_procedure_no_lot_is_drawn_and_nothing_is_claimed() -> None:
    assert "service" not in {one.service for one in targets(NOW)}


def test_a_service_is_looked_at_within_its_days_only(monkeypatch: pytest.MonkeyPatch) -> None:
    one = services()[0]
    assert one.is_on(one.effective_from)
    assert not one.is_on(one.effective_from - DAY)


def page(client: Client, name: str = "status") -> str:
    answer = client.get(reverse(f"measures:{name}"))
    assert answer.status_code == 200
    main = html.fromstring(answer.content.decode()).find(".//main")
    assert main is not None
    return " ".join(main.text_content().split())


def test_the_page_says_that_nothing_is_known_rather_than_nothing_wrong(
    promoting: Promoting, client: Client
) -> None:
    told = page(client)
    assert "Chưa biết dịch vụ chạy ra sao" in told
    assert "100" not in told.replace("95 trên 100", "")
    assert "chưa thấy lần nào" not in told


def test_the_page_and_its_data_tell_the_same(promoting: Promoting, client: Client) -> None:
    for one in services():
        minutes(NOW - 6 * MINUTE, "uuuddd" if one.key == "tracking" else "uuuuuu", one.key)
    told = page(client)
    assert f"1 trên {len(services())} dịch vụ không mở được" in told
    assert "50,00 %" in told
    assert "biết 6/1.440 phút" in told
    assert "đã báo" in told
    data = json.loads(client.get(reverse("measures:status_json")).content)
    tracking = next(one for one in data["services"] if one["service"] == "tracking")
    assert tracking["state"] == "down"
    assert tracking["periods"]["24h"] == {
        "up": 3,
        "slow": 0,
        "down": 3,
        "unknown": 1434,
        "availability": 50.0,
    }
    assert data["outages"] == [
        {
            "service": "tracking",
            "from": (NOW - 3 * MINUTE).isoformat(),
            "to": NOW.isoformat(),
            "minutes": 3,
        }
    ]


# --- page views ---


def test_what_is_a_view_and_how_it_ended() -> None:
    assert outcome_of("GET", 200, "text/html; charset=utf-8") is Outcome.OK
    assert outcome_of("GET", 200, "text/css") is None
    assert outcome_of("POST", 200, "text/html") is None
    assert outcome_of("GET", 302, "text/html") is None
    assert outcome_of("POST", 422, "text/html") is Outcome.REFUSED
    assert outcome_of("GET", 404, "text/html") is Outcome.REFUSED
    assert outcome_of("GET", 503, "text/html") is Outcome.FAILED


@pytest.mark.parametrize(
    ("referrer", "is_inside"),
    [
        ("https://dvc.example/tim/?q=a", True),
        ("https://dvc.example", True),
        ("https://dvc.example.evil/tim/", False),
        ("https://evil/https://dvc.example/", False),
        ("dvc.example/tim", False),
        ("android-app://dvc.example/", False),
        ("", False),
    ],
)
def test_only_a_page_of_the_same_host_is_inside(referrer: str, is_inside: bool) -> None:
    assert comes_from_inside(referrer, "dvc.example") is is_inside
    assert not comes_from_inside("https:///x", "")


@pytest.fixture
def counted(promoting: Promoting) -> Client:
    """Forget what other tests opened; give a browser."""
    VISITS.take()
    return Client()


def keys() -> Counter[tuple[str, str, str, bool]]:
    taken = VISITS.take()
    return Counter({(s.kind, s.procedure_code, str(s.outcome), s.is_inside): n for s, n in taken.items()})


def test_a_kept_page_is_counted_like_one_that_was_made(
    counted: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counted-in-tests"},
    }
    caches["pages"].clear()
    address = reverse("measures:status")
    made = counted.get(address)
    with django_assert_num_queries(0):
        kept = counted.get(address)
    caches["pages"].clear()
    assert kept.content == made.content
    assert keys() == {("measures:status", "", "ok", False): 2}


def test_views_are_told_apart_by_page_procedure_outcome_and_way_in(counted: Client) -> None:
    import_sheets(by=SYSTEM, at=NOW)
    VISITS.take()
    inside = {"Referer": "http://testserver/tim/", "Host": "testserver"}
    service = reverse("portal:service", args=["1.001193"])
    counted.get(service, headers=inside)
    counted.get(service)
    counted.get(reverse("portal:service", args=["9.999999"]))
    counted.get("/khong-co-trang-nay/")
    counted.get("/tim")
    assert keys() == {
        ("portal:service", "1.001193", "ok", True): 1,
        ("portal:service", "1.001193", "ok", False): 1,
        ("portal:service", "", "refused", False): 1,
        ("nowhere", "", "refused", False): 1,
    }


def test_the_meter_pieces_and_heads_are_no_views(counted: Client) -> None:
    address = reverse("portal:help")
    counted.get(address, headers={METER: "1"})
    counted.get(address, headers={"HX-Request": "true"})
    counted.head(address)
    counted.get(reverse("measures:day_rows"))
    counted.get(reverse("measures:status_json"))
    assert keys() == {}


def test_steps_of_a_form_are_kinds_of_their_own(rf: RequestFactory) -> None:
    VISITS.take()

    def answer(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve(request.path)
        return HttpResponse("x")

    for step in ("buoc.noi-nop", "nguoi-di-hoc", "nguoi-khac", "buoc.giay-to", "buoc.xem-lai"):
        PageViewsMiddleware(answer)(rf.get(reverse("dossiers:draft_page", args=["t" * 22, step])))
    named = {kind.rpartition("#")[2]: n for (kind, *_rest), n in keys().items()}
    assert named == {"office": 1, "questions": 2, "papers": 1, "check": 1}


def test_whoever_comes_leaves_the_same_row(counted: Client) -> None:
    """Two people who differ in everything that could tell them apart are one number."""
    address = reverse("portal:help")
    counted.cookies["nen"] = "toi"
    counted.get(
        address,
        REMOTE_ADDR="203.0.113.7",
        headers={"User-Agent": "Canary-Browser/7", "Accept-Language": "de"},
    )
    other = Client()
    answer = other.get(address, REMOTE_ADDR="2001:db8::9", headers={"User-Agent": "Other/1"})
    assert not answer.cookies
    taken = VISITS.take()
    assert list(taken.values()) == [2]
    add_views(taken)
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(measures_pageviews)::text from measures_pageviews")
        ((row,),) = cursor.fetchall()
    assert set(json.loads(row)) == {"id", "day", "kind", "procedure_code", "outcome", "is_inside", "n"}
    assert not any(word in row for word in ("203.0", "2001:db8", "Canary", "toi"))


def seen(
    kind: str = "portal:home",
    day: dt.date = TODAY,
    code: str = "",
    outcome: Outcome = Outcome.OK,
    *,
    inside: bool = False,
) -> Seen:
    return Seen(day, kind, code, outcome, inside)


@pytest.mark.django_db
def test_views_of_two_processes_are_added_in_one_row() -> None:
    assert add_views({seen(): 3, seen(inside=True): 1}) == 2
    assert add_views({seen(): 4}) == 1
    assert add_views({}) == 0
    assert set(PageViews.objects.values_list("kind", "is_inside", "n")) == {
        ("portal:home", False, 7),
        ("portal:home", True, 1),
    }


def test_no_view_is_lost_between_threads_or_when_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visits = Visits()

    def note() -> None:
        for _n in range(5000):
            visits.note(seen())

    threads = [Thread(target=note) for _t in range(4)]
    for thread in threads:
        thread.start()
    taken: Counter[Seen] = Counter()
    while any(thread.is_alive() for thread in threads):
        taken.update(visits.take())
    taken.update(visits.take())
    assert taken == {seen(): 20_000}
    VISITS.take()
    VISITS.note(seen(), 5)

    def away(counts: object) -> int:
        VISITS.note(seen(), 2)
        raise DatabaseError

    monkeypatch.setattr(middleware, "add_views", away)
    assert write_views() == 0
    assert VISITS.take() == {seen(): 7}


@pytest.mark.django_db
def test_the_way_from_search_to_sent_and_the_days_that_were_metered() -> None:
    add_views(
        {
            seen("portal:search"): 100,
            seen("portal:service", inside=True): 60,
            seen("portal:service", outcome=Outcome.REFUSED): 5,
            seen("dossiers:draft_page#office"): 20,
            seen("dossiers:draft_page#questions"): 70,
            seen("dossiers:draft_page#papers", TODAY - DAY): 12,
            seen("dossiers:done"): 9,
        }
    )
    found = views(TODAY - 6 * DAY, TODAY)
    assert [step.opened for step in found.funnel] == [100, 60, 20, 12, 0, 9]
    assert (found.metered, found.days) == (2, 7)
    service = next(one for one in found.kinds if one.kind == "portal:service")
    assert (service.opened, service.from_inside, service.refused) == (60, 60, 5)


# --- the page and the export of those who keep figures ---


def test_the_page_names_what_is_unconfirmed_and_shows_the_way(ngan: Actor) -> None:
    client = client_of(ngan)
    assert "chưa có số liệu" in page(client, "monitoring")
    add_views(
        {
            seen("portal:search"): 1200,
            seen("portal:service"): 300,
            seen("dossiers:inbox"): 2,
            seen("dossiers:slip"): 1,
        }
    )
    told = page(client, "monitoring")
    assert "1.503 lượt mở trang" in told
    assert "25 %" in told or "25,0 %" in told
    assert "Các trang khác" in told
    assert "chưa kiểm chứng" in told.lower()
    assert "Có số liệu của 1 trên 30 ngày" in told


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_the_export_tells_unknown_from_nothing(ngan: Actor) -> None:
    make_online("9.000001")
    make_online("9.000002")
    day = TODAY - DAY
    client = client_of(ngan)
    text = client.get(reverse("measures:emc_csv")).content.decode()
    rows = rows_of(text)
    assert [row["ma_dich_vu"] for row in rows] == ["9.000001", "9.000002"]
    assert {row["ngay"] for row in rows} == {day.isoformat()}
    fields = [one["key"] for one in monitoring.document("emc")["fields"]]
    assert list(rows[0]) == fields
    unknown = ("luot_xem", "ho_so_truc_tuyen", "kha_dung_phan_tram", "so_phut_biet", "ms_trung_binh")
    assert {rows[0][name] for name in unknown} == {""}
    add_views({seen("portal:service", day, "9.000001"): 4})
    minutes(midnight(day), "uuud", "service", ms=50)
    roll_days(at=NOW)
    first, second = rows_of(client.get(reverse("measures:emc_csv")).content.decode())
    assert (first["luot_xem"], second["luot_xem"]) == ("4", "0")
    assert (first["kha_dung_phan_tram"], first["so_phut_biet"], first["ms_trung_binh"]) == (
        "75.00",
        "4",
        "50",
    )
    data = json.loads(client.get(reverse("measures:emc_json")).content)
    assert [row["luot_xem"] for row in data["rows"]] == [4, 0]
    assert "hưa kiểm chứng" in data["unverified"]


@pytest.mark.parametrize(
    "days",
    [
        {"tu": "hôm kia"},
        {"tu": TODAY.strftime("%d/%m/%Y")},
        {"tu": "01/03/2022", "den": "09/05/2022"},
    ],
)
def test_what_cannot_be_exported_leads_back_with_a_sentence(ngan: Actor, days: dict[str, str]) -> None:
    client = client_of(ngan)
    for name in ("emc_csv", "emc_json"):
        answer = client.get(reverse(f"measures:{name}"), days, follow=True)
        told = answer.content.decode()
        assert 'id="xuat-err"' in told
        assert days["tu"] in told


def test_only_those_who_keep_figures_come_in(promoting: Promoting, ngan: Actor) -> None:
    for name in ("monitoring", "emc_csv", "emc_json"):
        address = reverse(f"measures:{name}")
        assert client_of(promoting.oanh).get(address).status_code == 404
        assert client_of(ngan).get(address).status_code == 200
        assert Client().get(address).status_code == 302
    assert resolve("/trang-thai/").view_name == "measures:status"
