"""The pages of indices and reports: who reads what, what stays away, files, empty and mistyped periods."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.catalogue.tests.factories import make_online
from tinhso.directory.api import SYSTEM, Actor
from tinhso.directory.tests.factories import Cast
from tinhso.dossiers.tests.factories import make_dossier, write_life
from tinhso.measures.permissions import offices_rated
from tinhso.measures.rules import each_day
from tinhso.measures.services.count_day import count_day, count_months
from tinhso.measures.services.make_edition import make_editions
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.test_targets import client_of
from tinhso.toolkit.clock import VN

APRIL = dt.date(2022, 4, 1)
#: How many dossiers of April end at the commune.
ENDED = 7


def moment(day: int, hour: int = 8) -> dt.datetime:
    return dt.datetime(2022, 4, day, hour, tzinfo=VN)


@dataclass(frozen=True)
class Worked:
    """The cast, and the dossiers that ended in April."""

    cast: Cast
    ended: tuple[Any, ...]


@pytest.fixture
def worked(promoting: Promoting) -> Worked:
    """Let the commune end some dossiers in April, the first by Sơn, Hoa and Thu; count the days."""
    cast, ended = promoting.cast, []
    make_online("9.000007")
    version = make_online("9.000001").versions.get()
    template = make_dossier(cast, accepted=True, version=version, at=dt.datetime(2022, 5, 9, 9, tzinfo=VN))
    for n in range(ENDED):
        one = write_life(
            template.pk, f"A-{n:04}", accepted=moment(4), due=moment(12, 17), ended=moment(6 + n, 10)
        )
        ended.append(one)
        if n == 0:
            _steps(one, cast.son, cast.hoa, cast.thu)
    for day in each_day(dt.date(2022, 3, 15), NOW.date()):
        count_day(day, at=NOW)
    count_months(at=NOW)
    return Worked(cast, tuple(ended))


def _steps(dossier: Any, *officers: Actor) -> None:
    verbs = (("propose", "in_progress", 5), ("sign", "awaiting_signature", 6), ("issue", "signed", 6))
    for officer, (verb, before, day) in zip(officers, verbs, strict=True):
        dossier.steps.create(
            verb=verb,
            before=before,
            after="issued",
            account_id=officer.account_id,
            by_name=officer.name,
            by_office_id=officer.posts[0].office_id,
            at=moment(day, 9),
        )


def page(client: Client, name: str, **query: str) -> str:
    answer = client.get(reverse(f"measures:{name}"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def words(text: str) -> str:
    return " ".join(html.fromstring(text).find(".//main").text_content().split())


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(answer.content.decode().splitlines()))


# --- the 766 index ---


def test_the_index_is_told_of_the_points_that_could_be_given(worked: Worked) -> None:
    text = words(page(Client(), "index766", ky="2022-04"))
    assert "điểm chấm được" in text
    assert "trên 100 điểm của bộ chỉ số chưa chấm được" in text
    assert "Hệ thống chưa có thanh toán trực tuyến." in text
    told = {row["ma"]: row for row in rows(Client().get(reverse("measures:index766_csv"), {"ky": "2022-04"}))}
    assert (told["2.1"]["tu_so"], told["2.1"]["mau_so"]) == ("7", "7")
    assert float(told["2.1"]["diem"]) == 20
    assert told["1.4"]["diem"] == "chưa áp dụng"
    assert told["3.6"]["diem"] == "chưa áp dụng"
    data = Client().get(reverse("measures:index766_json"), {"ky": "2022-04"}).json()
    assert data["points"] <= data["gradable"] < data["max"] == 100
    assert data["verified"] is False
    assert data["uncounted"] == []


def test_a_period_that_is_not_in_the_list_keeps_the_usual_one_and_says_so(worked: Worked) -> None:
    for name in ("index766", "services_used", "nd61"):
        assert "Chọn một kỳ trong danh sách." in words(page(Client(), name, ky="2022-13"))


def test_days_that_nobody_counted_are_named(promoting: Promoting) -> None:
    text = words(page(Client(), "index766", ky="2022-04"))
    assert "30 ngày của kỳ chưa có số liệu" in text
    assert "Kỳ này chưa chấm được chỉ số 766 nào" in text or "điểm chấm được" in text


def test_small_numbers_of_an_office_stay_away_from_strangers(worked: Worked) -> None:
    worked.ended[0].channel = "counter"
    worked.ended[0].save()
    count_day(APRIL.replace(day=4), at=NOW)
    count_months(at=NOW)
    make_editions(by=SYSTEM, at=NOW)
    (told,) = rows(Client().get(reverse("measures:index766_csv"), {"ky": "2022-04", "bang": "co-quan"}))
    assert told["online_tu_so"] == "không nêu"
    assert told["on_time_tu_so"] == "không nêu", "not by another formula than the editions'"
    exact = client_of(worked.cast.an).get(
        reverse("measures:index766_csv"), {"ky": "2022-04", "bang": "co-quan"}
    )
    (row,) = rows(exact)
    assert (row["online_tu_so"], row["online_mau_so"]) == ("6", "7")


def test_the_month_that_runs_is_not_told_by_office_to_strangers(worked: Worked) -> None:
    query = {"ky": "2022-05", "bang": "co-quan"}
    assert "co_quan" not in Client().get(reverse("measures:index766_csv"), query).content.decode()
    assert (
        "co_quan" in client_of(worked.cast.an).get(reverse("measures:index766_csv"), query).content.decode()
    )


# --- services with dossiers ---


def test_services_are_listed_by_whether_they_have_dossiers_never_by_how_many(worked: Worked) -> None:
    text = words(page(Client(), "services_used", ky="2022-04"))
    assert "1 trên 2 dịch vụ trực tuyến có hồ sơ" in text
    assert "9.000007" in text
    assert "9.000001" not in text, "the list begins with those without"
    assert "9.000001" in words(page(Client(), "services_used", ky="2022-04", xem="tat-ca"))
    answer = Client().get(reverse("measures:services_used_csv"), {"ky": "2022-04"})
    assert {row["ma"]: row["co_ho_so"] for row in rows(answer)} == {"9.000001": "có", "9.000007": "chưa"}
    assert "7" not in {value for row in rows(answer) for value in row.values()}
    assert "Kỳ này chưa có tháng nào hết" in words(page(Client(), "services_used", ky="2022-05"))


# --- Decree 61 ---


def test_offices_have_a_range_of_classes_and_nobody_is_named(worked: Worked) -> None:
    text = page(Client(), "nd61", ky="2022-q2")
    assert "UBND xã Hải Hưng" in text
    assert "chưa chấm" in text
    for officer in (worked.cast.son, worked.cast.hoa, worked.cast.thu, worked.cast.minh):
        assert officer.name not in text
    (exact,) = rows(client_of(worked.cast.an).get(reverse("measures:nd61_csv"), {"ky": "2022-q2"}))
    assert exact["chi_so_1"] == "1,86", "six of seven ended before their day, one on it"
    assert exact["chi_so_3"] == "2"
    assert " đến " in exact["loai"]


@pytest.mark.parametrize(("n", "told"), [(20, False), (40, True)])
def test_points_of_an_office_are_told_where_the_editions_tell_what_they_are_made_of(
    worked: Worked, n: int, told: bool
) -> None:
    template = worked.ended[0].pk
    for turn in range(2 * n):
        day = 11 if turn % 2 else 12
        write_life(template, f"B-{turn:04}", accepted=moment(4), due=moment(12, 17), ended=moment(day, 9))
    if not told:
        worked.ended[1].ended_at = moment(13)
        worked.ended[1].save()
    for day in range(1, 31):
        count_day(APRIL.replace(day=day), at=NOW)
    count_months(at=NOW)
    make_editions(by=SYSTEM, at=NOW)
    (row,) = rows(Client().get(reverse("measures:nd61_csv"), {"ky": "2022-q2"}))
    assert (row["chi_so_1"] != "không nêu") is told


def test_an_office_with_few_dossiers_is_not_told_to_strangers(worked: Worked) -> None:
    for one in worked.ended[4:]:
        one.delete()
    for day in each_day(APRIL, dt.date(2022, 4, 30)):
        count_day(day, at=NOW)
    count_months(at=NOW)
    (row,) = rows(Client().get(reverse("measures:nd61_csv"), {"ky": "2022-q2"}))
    assert row["chi_so_1"] == row["loai"] == "không nêu"
    (told,) = rows(client_of(worked.cast.an).get(reverse("measures:nd61_csv"), {"ky": "2022-q2"}))
    assert told["chi_so_1"] == "2"


def test_officers_read_their_own_points_leaders_those_of_the_office_inspectors_all(worked: Worked) -> None:
    cast = worked.cast

    def named(actor: Actor, **query: str) -> set[str]:
        text = words(page(client_of(actor), "nd61_officers", ky="2022-q2", **query))
        table = html.fromstring(page(client_of(actor), "nd61_officers", ky="2022-q2", **query)).find(
            ".//main//table"
        )
        assert "Điểm của cán bộ" in text
        found = "" if table is None else table.text_content()
        return {one.name for one in (cast.son, cast.hoa, cast.thu) if one.name in found}

    assert named(cast.son) == {cast.son.name}
    assert named(cast.thu) == {cast.thu.name}
    assert named(cast.hoa) == {cast.son.name, cast.hoa.name, cast.thu.name}
    assert named(cast.tam) == set()
    assert named(cast.quan) == set()
    assert named(cast.an) == set(), "an inspector chooses an office first"
    here = str(cast.commune.pk)
    assert named(cast.an, **{"co-quan": here}) == {cast.son.name, cast.hoa.name, cast.thu.name}
    assert named(cast.tam, **{"co-quan": here}) == set()
    assert Client().get(reverse("measures:nd61_officers")).status_code == 302
    assert client_of(cast.lan).get(reverse("measures:nd61_officers")).status_code == 404


def test_whose_points_an_actor_reads(promoting: Promoting) -> None:
    cast = promoting.cast
    assert offices_rated(cast.an) is None
    assert offices_rated(cast.hoa) == frozenset({cast.commune.pk})
    assert offices_rated(cast.son) == frozenset()
    assert offices_rated(cast.lan) == frozenset()


# --- the periodic reports ---


def test_a_report_is_for_whoever_holds_a_post(worked: Worked) -> None:
    for name in ("reports", "report_csv", "report_pdf"):
        assert Client().get(reverse(f"measures:{name}")).status_code == 302
        assert client_of(worked.cast.lan).get(reverse(f"measures:{name}")).status_code == 404
    text = words(page(client_of(worked.cast.minh), "reports", bieu="06a", ky="2022-04"))
    assert "7 hồ sơ nhận giải quyết trong kỳ" in text
    assert "từ 15/03/2022 đến 14/04/2022" in text


@pytest.mark.parametrize("form", ["06a", "06b", "07a", "07b"])
def test_every_form_is_a_page_a_table_and_a_paper(worked: Worked, form: str) -> None:
    client = client_of(worked.cast.minh)
    shown = html.fromstring(page(client, "reports", bieu=form, ky="2022-04")).find(".//main//table")
    answer = client.get(reverse("measures:report_csv"), {"bieu": form, "ky": "2022-04"})
    told = rows(answer)
    assert told
    foot = [cell.text_content() for cell in shown.find("tfoot").iter("td")]
    keys = [key for key in told[0] if key not in ("cap", "ten")]
    assert foot == [str(sum(int(row[key]) for row in told)) for key in keys]
    paper = client.get(reverse("measures:report_pdf"), {"bieu": form, "ky": "2022-04"})
    assert paper.content.startswith(b"%PDF")


def test_a_mistyped_form_or_office_is_told(worked: Worked) -> None:
    client = client_of(worked.cast.minh)
    assert "Chọn một biểu trong danh sách." in words(page(client, "reports", bieu="99z"))
    assert "Chọn một cơ quan trong danh sách" in words(page(client, "reports", **{"co-quan": "999999"}))
    assert "Kỳ báo cáo chưa hết" in words(page(client, "reports", ky="2022-05"))
