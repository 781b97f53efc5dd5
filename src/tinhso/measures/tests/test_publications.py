"""A publication freezes figures with their rows, a second person publishes it, and what changes later shows why."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import SYSTEM, Account, Actor, OfficeKind, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast, make_office
from tinhso.dossiers.tests.factories import make_dossier
from tinhso.measures.models import Comparison, Publication, PublishedCase, PublishedFigure, ReportedFigure
from tinhso.measures.queries.publications import publication_page
from tinhso.measures.rules import each_day
from tinhso.measures.services.compare_publication import compare_published
from tinhso.measures.services.count_day import count_day, count_months, mark_stale
from tinhso.measures.services.make_edition import make_editions
from tinhso.measures.services.prepare_publication import NotReady, prepare_publication
from tinhso.measures.services.publish_figures import CannotPublish, discard_publication, publish_figures
from tinhso.measures.tests.lives import LIVES, OUT, live, moment
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
FIRST, LAST = dt.date(2022, 4, 1), dt.date(2022, 4, 30)


class House:
    """The cast, who prepares, who publishes, and a lived April whose days are counted."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        office = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
        self.ngan = make_actor("ngan", "Vương Ngân Mẫu", (office, Role.STATISTICIAN, "Chuyên viên"))
        self.tham = make_actor(
            "tham", "Nghiêm Thắm Thử", (office, Role.FIGURES_APPROVER, "Phó Chánh Văn phòng")
        )
        self.template = make_dossier(self.cast, accepted=True, at=NOW - dt.timedelta(hours=1))
        live(self.template.pk)
        for day in each_day(dt.date(2022, 3, 20), NOW.date()):
            count_day(day, at=NOW)

    def publish(self) -> Publication:
        """Return April, published."""
        made = prepare_publication(by=self.ngan, at=NOW, title="Tháng 4 năm 2022", first=FIRST, last=LAST)
        return publish_figures(
            by=self.tham, at=NOW + dt.timedelta(minutes=5), code=made.code, document_number="45/TB-UBND"
        )


@pytest.fixture(scope="module")
def counted(filled: Callable[[Callable[[], object]], None]) -> list[House]:
    """Make everybody and count every day, once."""
    made: list[House] = []
    filled(lambda: made.append(House()))
    return made


@pytest.fixture
def house(counted: list[House], db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    """Stand at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return counted[0]


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def correct(house: House, number: str, after: str) -> None:
    """Set an end right, past the service: what the figures must notice does not hang on it."""
    write_correction(number, after, by="Đinh Hoa Thử")


def write_correction(number: str, after: str, *, by: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into dossiers_correction (dossier_id, field, before, after, reason, document_number, account_id,"
            " by_name, by_title, at) select id, 'ended_at', ended_at, %s, 'Mất mạng, ghi sau một ngày', '12/BB-UBND', 1,"
            " %s, 'Chủ tịch', %s from dossiers_dossier where number = %s",
            [moment(after), by, NOW + dt.timedelta(hours=1), number],
        )
        cursor.execute("update dossiers_dossier set ended_at = %s where number = %s", [moment(after), number])
        assert cursor.rowcount == 1
    for day in each_day(moment(after).date() - dt.timedelta(days=3), NOW.date()):
        mark_stale(day)


def recount(at: dt.datetime) -> None:
    for day in each_day(dt.date(2022, 4, 1), NOW.date()):
        count_day(day, at=at)


def test_a_publication_holds_the_figures_and_every_case_behind_them(house: House) -> None:
    made = house.publish()
    by_hand = sum(one.outcomes != OUT for one in LIVES)
    assert made.rows_count == by_hand == PublishedCase.objects.filter(publication=made).count()
    strict = PublishedFigure.objects.get(publication=made, version="strict-1", office_id=0)
    assert strict.numerator == sum(one.outcomes[0] == "on_time" for one in LIVES)
    assert strict.formula["rules"], "the whole text of the formula is kept"
    offices = PublishedFigure.objects.filter(publication=made, version="strict-1").exclude(office_id=0)
    assert sum(one.denominator for one in offices) == strict.denominator


def test_the_hash_is_that_of_the_rows_file(house: House) -> None:
    made = house.publish()
    answer = client_of(house.ngan).get(reverse("measures:publication_rows", args=[made.code]))
    content = answer.content
    assert sha256(content).hexdigest() == made.rows_hash
    assert content.count(b"\n") == made.rows_count


def test_a_corrected_dossier_shows_with_who_when_and_why_and_the_figure_stays(house: House) -> None:
    made = house.publish()
    compare_published(at=NOW + dt.timedelta(minutes=6))
    stranger = Client()
    address = reverse("measures:publication", args=[made.code])
    assert "đếm lại vẫn đúng như đã công bố" in stranger.get(address).content.decode()
    correct(house, "L-0004", "04-12 16:59")
    recount(NOW + dt.timedelta(hours=2))
    assert compare_published(at=NOW + dt.timedelta(hours=2)) == 1
    page = publication_page(house.ngan, made.code)
    assert page.changed == 1
    strict = next(one for one in page.figures if one.figure.version == "strict-1")
    assert strict.live == (strict.figure.numerator + 1, strict.figure.denominator)
    (line,) = strict.lines
    assert line.change is not None
    assert (line.numerator, line.denominator, line.change.document_number) == (1, 0, "12/BB-UBND")
    assert page.comparison is not None
    assert page.comparison.reproduced, "the record as it stood still gives the published figures"
    seen = client_of(house.ngan).get(address).content.decode()
    for words in ("L-0004", "Đinh Hoa Thử", "Mất mạng, ghi sau một ngày", "12/BB-UBND", "1 hồ sơ đã đổi"):
        assert words in seen
    outside = stranger.get(address).content.decode()
    for words in ("L-0004", "Đinh Hoa Thử"):
        assert words not in outside, (
            "the public reads of the act, not of the dossier nor of the officer's name"
        )
    for words in (
        "Ngày xong ghi lại",
        "Chủ tịch",
        house.cast.commune.short_name,
        "10 giờ",
        "Mất mạng, ghi sau một ngày",
        "12/BB-UBND",
    ):
        assert words in outside


def test_a_change_that_nobody_recorded_is_shown_as_such(house: House) -> None:
    made = house.publish()
    with connection.cursor() as cursor:
        cursor.execute(
            "update dossiers_dossier set ended_at = %s where number = 'L-0004'", [moment("04-11 09:00")]
        )
    recount(NOW + dt.timedelta(hours=2))
    compare_published(at=NOW + dt.timedelta(hours=2))
    page = publication_page(house.ngan, made.code)
    assert [line.change for line in page.figures[0].lines] == [None]
    assert page.comparison is not None
    assert not page.comparison.reproduced, "the past itself was changed"
    assert (
        "Không thấy ai ghi lý do"
        in Client().get(reverse("measures:publication", args=[made.code])).content.decode()
    )


def test_strangers_are_told_of_offices_what_the_editions_tell(house: House) -> None:
    code = house.publish().code
    address = reverse("measures:publication_json", args=[code])

    def offices(client: Client) -> list[dict[str, Any]]:
        return [one for one in client.get(address).json()["figures"] if one["office_id"]]

    assert all(one["numerator"] is not None for one in offices(client_of(house.ngan)))
    assert offices(Client())
    assert all(one["numerator"] is None and one["groups"] is None for one in offices(Client()))
    csv_file = Client().get(reverse("measures:publication_csv", args=[code])).content.decode()
    assert all(line.endswith("không nêu,không nêu") for line in csv_file.splitlines()[1:])
    count_months(at=NOW)
    assert make_editions(by=SYSTEM, at=NOW)
    told = [one for one in offices(Client()) if one["numerator"] is not None]
    assert all(one["version"] == "strict-1" and one["groups"] is None for one in told)


def test_only_a_second_person_publishes(house: House) -> None:
    made = prepare_publication(by=house.ngan, at=NOW, title="Tháng 4", first=FIRST, last=LAST)
    assert Client().get(reverse("measures:publication", args=[made.code])).status_code == 404
    with pytest.raises(NotThere):
        publish_figures(by=house.ngan, at=NOW, code=made.code, document_number="1/TB")
    with pytest.raises(CannotPublish):
        publish_figures(by=house.tham, at=NOW, code=made.code, document_number=" ")
    with pytest.raises(NotThere):
        prepare_publication(by=house.tham, at=NOW, title="Tháng 4", first=FIRST, last=LAST)
    with pytest.raises(NotThere):
        discard_publication(by=house.tham, at=NOW, code=made.code)
    discard_publication(by=house.ngan, at=NOW, code=made.code)
    assert not PublishedCase.objects.exists()


def test_a_period_may_be_prepared_again_after_an_earlier_one_was_thrown_away(house: House) -> None:
    def prepare() -> str:
        return prepare_publication(by=house.ngan, at=NOW, title="Tháng 4", first=FIRST, last=LAST).code

    first, second = prepare(), prepare()
    discard_publication(by=house.ngan, at=NOW, code=first)
    assert (first[-2:], second[-2:], prepare()[-2:]) == ("-1", "-2", "-3")


@pytest.mark.parametrize(
    ("first", "last", "title", "sentence"),
    [
        (FIRST, NOW.date(), "Tháng 5", "Kỳ chưa hết"),
        (LAST, FIRST, "Ngược", "Ngày cuối đứng trước"),
        (FIRST, LAST, " ", "Ghi tên"),
        (dt.date(2022, 3, 1), LAST, "Hai tháng", "19 ngày của kỳ chưa có số liệu, sớm nhất 01/03/2022"),
    ],
)
def test_a_period_that_cannot_be_frozen_is_refused(
    house: House, first: dt.date, last: dt.date, title: str, sentence: str
) -> None:
    with pytest.raises(NotReady, match=sentence):
        prepare_publication(by=house.ngan, at=NOW, title=title, first=first, last=last)


def test_days_that_do_not_add_up_are_not_frozen(house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update measures_partsum set n = n + 1 where part = 0 and kind = 2 and first = '2022-04-08'"
        )
    with pytest.raises(NotReady, match="Tổng các ngày khác"):
        prepare_publication(by=house.ngan, at=NOW, title="Tháng 4", first=FIRST, last=LAST)


@pytest.mark.parametrize(
    "statement",
    [
        "update measures_publication set title = 'khác'",
        "delete from measures_publication",
        "update measures_publishedfigure set numerator = 0",
        "update measures_publishedcase set cls = 0",
        "delete from measures_publishedfigure",
        "delete from measures_publishedcase",
        "insert into measures_publishedcase select publication_id, 'Z', office_id, procedure_code, channel, cls"
        " from measures_publishedcase limit 1",
        "insert into measures_publishedfigure (publication_id, version, formula, office_id, numerator, denominator,"
        " excluded, groups) select publication_id, 'z', formula, office_id, 0, 0, excluded, groups"
        " from measures_publishedfigure limit 1",
    ],
)
def test_nothing_of_a_published_publication_changes_past_the_services(house: House, statement: str) -> None:
    house.publish()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update measures_publication set rows_hash = 'x'",
        "update measures_publication set last = last + 1",
        "update measures_publication set published_at = now()",
        "update measures_publication set published_at = now(), document_number = '1', published_by_id = prepared_by_id",
        "update measures_publication set first = last + 1",
        "update measures_publishedfigure set numerator = denominator + 1",
    ],
)
def test_what_is_frozen_is_not_edited_before_it_is_published(house: House, statement: str) -> None:
    prepare_publication(by=house.ngan, at=NOW, title="Tháng 4", first=FIRST, last=LAST)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_is_prepared_and_published_on_the_pages(house: House) -> None:
    ngan, tham = client_of(house.ngan), client_of(house.tham)
    typed = {"title": "Tháng 4 năm 2022", "tu": "31/04/2022", "den": "30/04/2022"}
    told = ngan.post(reverse("measures:prepare_publication"), typed)
    assert (told.status_code, "Viết ngày như" in told.content.decode()) == (422, True)
    assert "Tháng 4 năm 2022" in told.content.decode(), "what was typed is kept"
    made = ngan.post(reverse("measures:prepare_publication"), typed | {"tu": "01/04/2022"})
    assert made.status_code == 302
    (one,) = Publication.objects.all()
    address = reverse("measures:publish_figures", args=[one.code])
    assert tham.post(address, {"so": ""}).status_code == 422
    assert ngan.post(address, {"so": "45/TB-UBND"}).status_code == 404
    assert tham.post(address, {"so": "45/TB-UBND"}).status_code == 302
    document = json.loads(Client().get(reverse("measures:publication_json", args=[one.code])).content)
    assert document["rows_sha256"] == one.rows_hash
    assert {figure["version"] for figure in document["figures"]} == {"strict-1", "national-766-1", "06a-1"}


def test_a_reported_figure_stands_beside_the_computed_one_and_is_only_replaced(house: House) -> None:
    ngan = client_of(house.ngan)
    typed = {
        "name": "Hồ sơ đúng hạn",
        "value": "99,98",
        "unit": "phần trăm",
        "tu": "01/04/2022",
        "den": "30/04/2022",
        "reported_by": "Văn phòng",
        "document_number": "không ghi số",
        "compares_with": "strict",
    }
    address = reverse("measures:enter_reported")
    told = ngan.post(address, typed | {"value": "nhiều", "document_date": "hôm qua"})
    assert told.status_code == 422
    assert ngan.post(address, typed).status_code == 302
    (one,) = ReportedFigure.objects.all()
    seen = Client().get(reverse("measures:reported_figures")).content.decode()
    assert "99,98" in seen
    assert "không ghi số" in seen
    assert "strict-1" in seen
    assert ngan.post(address, typed | {"value": "99", "thay": str(one.pk)}).status_code == 302
    assert ngan.post(address, typed | {"value": "98", "thay": str(one.pk)}).status_code == 422, (
        "already replaced"
    )
    assert Client().get(reverse("measures:reported_history", args=[one.pk + 0])).status_code == 200
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update measures_reportedfigure set value = 100")


def test_strangers_read_no_computed_figure_of_days_that_are_no_whole_months(house: House) -> None:
    ReportedFigure.objects.create(
        name="Mười ngày",
        value=99,
        unit="phần trăm",
        first=FIRST,
        last=FIRST + dt.timedelta(days=9),
        reported_by="Văn phòng",
        document_number="không ghi số",
        compares_with="strict",
        entered_at=NOW,
    )
    address = reverse("measures:reported_figures")
    assert "strict-1" in client_of(house.ngan).get(address).content.decode()
    assert "strict-1" not in Client().get(address).content.decode()


def test_nothing_is_compared_again_until_a_day_was_counted_again(house: House) -> None:
    house.publish()
    assert compare_published(at=NOW + dt.timedelta(minutes=6)) == 1
    assert compare_published(at=NOW + dt.timedelta(minutes=7)) == 0
    assert Comparison.objects.count() == 1
