"""Search over a small catalogue: how people type, what comes first, what is left out, and the table of words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tinhso.catalogue.models import (
    Alias,
    Field,
    Procedure,
    ProcedureVersion,
    SearchMiss,
    SearchWord,
    ServiceLevel,
)
from tinhso.catalogue.queries.search import Filters, choices, search, starting_words, suggest
from tinhso.catalogue.services.edit_search_words import (
    SearchWordRefused,
    load_search_words,
    remove_search_word,
    save_search_word,
    settle_search_miss,
)
from tinhso.catalogue.services.record_search_miss import record_search_miss
from tinhso.directory.api import Actor, HeldPost, Role
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import fold

AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)
TODAY = AT.date()
KEEPER = Actor(
    1, 1, "Lý Vy Ví Dụ", (HeldPost(1, 1, Role.CATALOGUE_EDITOR, "Biên tập danh mục", "Văn phòng"),)
)

pytestmark = pytest.mark.django_db

NAMES = {
    "1.000001": ("Thủ tục đăng ký khai sinh", "Hộ tịch", "commune"),
    "1.000002": ("Thủ tục đăng ký lại khai sinh", "Hộ tịch", "commune"),
    "1.000003": ("Thủ tục đăng ký khai sinh có yếu tố nước ngoài", "Hộ tịch", "district"),
    "1.000004": ("Cấp Giấy phép bán lẻ rượu", "Lưu thông hàng hóa", "district"),
    "1.000005": ("Cấp sửa đổi, bổ sung Giấy phép bán lẻ rượu", "Lưu thông hàng hóa", "district"),
    "1.000006": ("Cấp thẻ căn cước (thực hiện tại cấp tỉnh)", "Căn cước", "province"),
    "1.000007": ("Cấp thẻ căn cước", "Căn cước", "commune"),
    "1.000008": ("Chứng thực di chúc", "Chứng thực", "commune"),
    "1.000009": ("Giải quyết hưởng chế độ thai sản", "Bảo hiểm xã hội", "province"),
    "1.000010": ("Cấp Giấy phép xây dựng mới đối với nhà ở riêng lẻ", "Xây dựng", "district"),
    "1.000011": ("Đăng ký mã số cơ sở nuôi hổ", "Kiểm lâm", "province"),
    "1.000012": ("Xác nhận hộ nghèo", "Giảm nghèo", "commune"),
    "1.000013": ("Cấp phép thử ở Bộ", "Khác", "ministry"),
}


def make(code: str, name: str, field: str, level: str, *, last: dt.date | None = None) -> ProcedureVersion:
    procedure = Procedure.objects.create(
        code=code,
        field=Field.objects.get_or_create(name=field)[0],
        everyday_name=name,
        legal_name=name,
        synonyms=[name],
        folded=fold(name),
        responsible="Sở Thử" if level == "province" else "Sở Mẫu",
        executing_levels=[level],
        audience=["citizen"] if level == "commune" else ["business"],
        life_events=["cuoi"] if "kết hôn" in name else [],
        is_listed=level != "ministry",
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        effective_from=dt.date(2021, 1, 1),
        effective_to=last,
        content_hash="0" * 64,
        levels=[level],
        handling={},
        can_file_online=False,
        texts={},
    )
    ProcedureVersion.objects.filter(pk=version.pk).update(published_at=AT)
    return version


@pytest.fixture(autouse=True)
def catalogue() -> None:
    for code, (name, field, level) in NAMES.items():
        make(code, name, field, level)


def first(text: str) -> str:
    hits = search(text, TODAY)
    return hits[0].code if hits else ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("đăng ký khai sinh", "1.000001"),
        ("dang ky khai sinh", "1.000001"),
        ("đăng kí khai sinh", "1.000001"),
        ("ddaawng kys khai sinh", "1.000001"),
        ("d9a8ng ky1 khai sinh", "1.000001"),
        ("dang ky khai sihn", "1.000001"),
        ("dangky khaisinh", "1.000001"),
        ("khai sin", "1.000001"),
        ("làm giấy khai sinh", "1.000001"),
        ("gpxd", "1.000010"),
        ("cccd", "1.000007"),
        ("nghỉ thai sản", "1.000009"),
        ("vợ nghỉ đẻ thì làm gì", "1.000009"),
        ("di chucs", "1.000008"),
        ("mã số 1.000004", "1.000004"),
        ("1000004", "1.000004"),
    ],
)
def test_what_people_type_finds_the_procedure(typed: str, code: str) -> None:
    assert first(typed) == code


def test_the_ordinary_procedure_comes_first_until_somebody_asks_for_another() -> None:
    assert first("khai sinh") == "1.000001"
    assert first("đăng ký lại khai sinh") == "1.000002"
    assert first("khai sinh nước ngoài") == "1.000003"
    assert first("bán rượu") == "1.000004"
    assert first("sửa giấy phép bán rượu") == "1.000005"


def test_of_two_alike_the_nearer_office_comes_first() -> None:
    assert [hit.code for hit in search("thẻ căn cước", TODAY)][:2] == ["1.000007", "1.000006"]


def test_marks_decide_where_somebody_typed_them() -> None:
    assert first("hổ") == "1.000011"
    assert first("hộ") == "1.000012"


def test_only_what_is_in_force_on_the_day_is_found() -> None:
    make("1.000099", "Thủ tục cấp tem cũ", "Khác", "commune", last=dt.date(2022, 5, 9))
    assert [hit.code for hit in search("tem cũ", dt.date(2022, 5, 9))] == ["1.000099"]
    assert search("tem cũ", TODAY) == []
    assert search("khai sinh", dt.date(2020, 12, 31)) == []


def test_a_version_that_is_not_published_is_not_found() -> None:
    procedure = Procedure.objects.create(
        code="1.000098",
        field=Field.objects.get(name="Khác"),
        everyday_name="Xin tem mới",
        legal_name="Xin tem mới",
        folded="xin tem moi",
        responsible="Sở Thử",
    )
    ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        effective_from=dt.date(2021, 1, 1),
        content_hash="0" * 64,
        levels=[],
        handling={},
        can_file_online=False,
        texts={},
    )
    assert procedure.code not in [hit.code for hit in search("xin tem mới", TODAY)]


def test_an_old_code_finds_its_procedure() -> None:
    assert search("2.999999", TODAY) == []
    Alias.objects.create(code="2.999999", procedure=Procedure.objects.get(code="1.000008"))
    assert first("2.999999") == "1.000008"


def test_filters_narrow_down_and_alone_give_all_that_pass() -> None:
    assert {hit.code for hit in search("khai sinh", TODAY, filters=Filters(place="district"))} == {"1.000003"}
    assert {hit.code for hit in search("", TODAY, filters=Filters(field="Hộ tịch"))} == {
        "1.000001",
        "1.000002",
        "1.000003",
    }
    assert search("khai sinh", TODAY, filters=Filters(audience="officer")) == []
    assert search("", TODAY, filters=Filters(department="Sở Không Có")) == []
    assert dict(choices(TODAY).fields)["Hộ tịch"] == 3
    assert dict(choices(TODAY).places)["commune"] == 5


def test_a_hit_carries_the_service_level_of_the_day() -> None:
    ServiceLevel.objects.create(
        procedure=Procedure.objects.get(code="1.000008"),
        level=4,
        valid_from=dt.date(2022, 5, 10),
        basis="Thử",
        is_illustrative=True,
    )
    assert search("di chúc", TODAY)[0].level == 4
    assert search("di chúc", TODAY)[0].is_online
    assert search("di chúc", dt.date(2022, 5, 9))[0].level is None


def test_a_reference_page_of_a_ministry_is_found_and_said_to_be_elsewhere() -> None:
    assert search("cấp phép thử", TODAY)[0].is_elsewhere


@pytest.mark.parametrize("garbage", ["", " ", "?!", "zzqxw", "0", "\u200b", "%' --", "a" * 5_000, "中文"])
def test_garbage_finds_nothing_and_breaks_nothing(garbage: str) -> None:
    assert search(garbage, TODAY) == []


def test_a_beginning_is_enough_to_be_offered_something() -> None:
    assert suggest("khai si", TODAY)[0].code == "1.000001"
    assert suggest("k", TODAY) == []


def test_a_search_costs_two_small_queries_once_the_words_are_in_memory() -> None:
    search("khai sinh", TODAY)
    with CaptureQueriesContext(connection) as asked:
        search("bán rượu", TODAY)
    assert len(asked) <= 2


def test_a_new_word_of_the_table_works_at_once_and_settles_the_queries_that_missed_it() -> None:
    assert search("bùm bùm", TODAY) == []
    assert record_search_miss("Bùm bùm", on=TODAY)
    word = save_search_word("bùm bùm", "bán lẻ rượu", by=KEEPER, at=AT)
    assert first("bum bum") == "1.000004"
    assert SearchMiss.objects.get().settled_at == AT
    remove_search_word(word.pk, by=KEEPER, at=AT)
    assert search("bùm bùm", TODAY) == []


def test_the_starting_words_are_loaded_once_and_never_over_what_an_official_wrote() -> None:
    assert load_search_words() == len(starting_words())
    SearchWord.objects.exclude(said="cccd").delete()
    assert load_search_words() == 0


def test_a_word_is_kept_only_once_and_only_with_a_meaning() -> None:
    save_search_word("Bằng Thử", "giấy phép", by=KEEPER, at=AT)
    for said, means in (
        ("bằng thử", "khác"),
        ("", "khác"),
        ("từ", " "),
        ("!!!", "khác"),
        ("x" * 121, "khác"),
    ):
        with pytest.raises(SearchWordRefused):
            save_search_word(said, means, by=KEEPER, at=AT)
    kept = SearchWord.objects.get(said="Bằng Thử")
    assert save_search_word("bằng thử", "khác", by=KEEPER, at=AT, pk=kept.pk).means == "khác"


def test_every_starting_word_is_said_once_and_means_something() -> None:
    rows = starting_words()
    assert len({row["said"] for row in rows}) == len(rows)
    assert all(row["said"].strip() and row["means"].strip() for row in rows)
    assert all(len(row["said"]) <= 120 and len(row["means"]) <= 250 for row in rows)


def test_a_query_that_found_nothing_is_counted_without_marks() -> None:
    assert record_search_miss("Giấy Gì Đó", on=TODAY)
    assert record_search_miss("giay gi do", on=TODAY)
    miss = SearchMiss.objects.get()
    assert (miss.query, miss.times, miss.last_day) == ("giay gi do", 2, TODAY)
    settle_search_miss(miss.pk, by=KEEPER, at=AT)
    assert record_search_miss("giay gi do", on=TODAY)
    assert SearchMiss.objects.get().settled_at is None


@pytest.mark.parametrize(
    "garbage",
    [
        "x",
        "",
        "1" * 12,
        "036090001234 tên",
        "http://a.example/b",
        "<script>",
        "a" * 60,
        "từ " * 90,
        "w" * 201,
    ],
)
def test_what_no_person_types_and_numbers_of_people_are_not_kept(garbage: str) -> None:
    assert not record_search_miss(garbage, on=TODAY)
    assert not SearchMiss.objects.exists()


def test_only_keepers_of_the_catalogue_change_the_words() -> None:
    anybody = Actor(2, 2, "Trần Thị Lan Thử")
    load_search_words()
    word = SearchWord.objects.order_by("pk")[0]
    for forbidden in (
        lambda: save_search_word("bùm bùm", "bán lẻ rượu", by=anybody, at=AT),
        lambda: remove_search_word(word.pk, by=anybody, at=AT),
        lambda: settle_search_miss(1, by=anybody, at=AT),
    ):
        with pytest.raises(NotThere):
            forbidden()
    with pytest.raises(NotThere):
        remove_search_word(999_999, by=KEEPER, at=AT)
