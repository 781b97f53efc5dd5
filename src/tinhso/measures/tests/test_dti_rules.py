"""The index by its versions: published rows, ties, sets by date, what is missing, and the province's own table."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.measures.queries.dti import index_versions, own_province, published, version_of, version_on
from tinhso.measures.rules.dti import Item, Status, Version, order_of, ranks, ranks_by_rule, standing
from tinhso.measures.rules.dti_sheet import (
    COLUMNS,
    SheetUnreadable,
    evidence_of,
    group_of,
    points_of,
    read_sheet,
)
from tinhso.measures.views.dti import rank_rows
from tinhso.toolkit.tests.real_data import real_data
from tinhso.toolkit.text import fold

OFFICES = {fold("Sở Nội vụ"): 1}
HEAD = ",".join(COLUMNS)


def of_2022() -> Version:
    found = version_of("dti-2022")
    assert found is not None
    return found


def items(**scores: str | None) -> list[Item]:
    """Return one criterion of ten points for each main index; ``scores`` change some."""
    every = {index.id: "5" for index in of_2022().indices} | scores
    return [
        Item(name, Decimal(10), None if score is None else Decimal(score)) for name, score in every.items()
    ]


def test_the_set_of_2022_is_nine_main_indices_of_a_thousand_points_and_the_sixth_is_not_scored() -> None:
    one = of_2022()
    assert (
        (len(one.indices), sum(index.components for index in one.indices))
        == (one.main, one.components)
        == (9, 98)
    )
    assert sum(index.points for index in one.indices) == 1000
    assert [index.id for index in one.indices if not index.points] == ["i6"]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2020-10-11", None),
        ("2020-10-12", "dti-2020"),
        ("2022-05-10", "dti-2020"),
        ("2022-05-19", "dti-2020"),
        ("2022-05-20", "dti-2022"),
        ("2025-04-02", "dti-2022"),
        ("2025-04-03", "dti-2024"),
    ],
)
def test_the_set_in_force_goes_by_the_date(day: str, name: str | None) -> None:
    found = version_on(dt.date.fromisoformat(day))
    assert (found.version if found else None) == name


def test_every_set_names_its_source_and_the_hash_of_it() -> None:
    for one in index_versions():
        assert sha256(one.source_text.encode()).hexdigest() == one.source_sha256
        assert one.decision in one.source
        assert one.unverified.startswith("Chưa kiểm chứng")
    assert [(one.components, one.criteria) for one in index_versions()] == [
        (108, 306),
        (98, None),
        (47, None),
    ]
    assert [one.weights is None for one in index_versions()] == [True, False, True]


def test_the_published_rows_of_2022_come_out_of_their_shares() -> None:
    year = next(one for one in published() if one.year == 2022)
    rows = [row for row in year.rows if "shares" in row]
    weights = of_2022().weights
    assert weights is not None
    assert len(rows) == 5
    for row in rows:
        value = weights.value({key: Decimal(share) for key, share in row["shares"].items()})
        assert value is not None
        assert abs(value - Decimal(row["value"])) <= Decimal("0.0001")
    shown = [row for row in rank_rows(year) if row["computed_rank"]]
    assert [row["computed_rank"] for row in shown] == [row["rank"] for row in shown] == [1, 2, 3, 4, 5]


def test_all_published_provinces_are_there_in_their_order() -> None:
    """What ships is compared with the published table; the sum is worked out for every row whose shares are known."""
    columns = ("nhan_thuc_so", "the_che_so", "ha_tang_so", "nhan_luc_so", "attt_mang")
    more = ("hd_chinh_quyen_so", "hd_kinh_te_so", "hd_xa_hoi_so")
    with real_data("measures/dti_2022_provinces.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    year = next(one for one in published() if one.year == 2022)
    assert len(rows) == 63
    assert [(row["province"], int(row["rank"])) for row in rows] == [
        (row["province"], row["rank"]) for row in year.rows
    ]
    weights = of_2022().weights
    assert weights is not None
    whole = [row for row in rows if row["PDTI"]]
    assert len(whole) == 5
    for row in whole:
        value = weights.value(
            dict(zip(weights.points, (Decimal(row[name]) for name in (*columns, *more)), strict=True))
        )
        assert value is not None
        assert abs(value - Decimal(row["PDTI"])) <= Decimal("0.0001")
    said = [int(row["rank"]) for row in rows]
    assert ranks_by_rule(said) == said
    assert said.count(15) == 2
    assert 16 not in said


def test_the_province_stood_eleventh_eleventh_and_tenth() -> None:
    assert {one.year: one.rank_of(own_province()) for one in published()} == {2022: 10, 2021: 11, 2020: 11}


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    values = [Decimal(text) for text in ("0.7", "0.65", "0.65", "0.6")]
    assert ranks([*values, None]) == [1, 2, 2, 4, None]
    assert ranks_by_rule([14, 15, 15, 16]) == [1, 2, 2, 4]


def test_half_of_everything_is_half() -> None:
    found = standing(of_2022(), items())
    assert (found.value, found.at_least, found.at_most) == (Decimal("0.5"),) * 3
    assert found.missing == 0


def test_a_missing_score_makes_the_index_unknown_and_is_no_zero() -> None:
    found = standing(of_2022(), items(i4=None))
    assert found.value is None
    assert (found.at_least, found.at_most, found.missing) == (Decimal("0.45"), Decimal("0.55"), 1)
    group = next(one for one in found.groups if one.index.id == "i4")
    assert (group.share, group.missing, group.items) == (None, 1, 1)
    zero = standing(of_2022(), items(i4="0"))
    assert zero.value == Decimal("0.45")


def test_the_sixth_main_index_changes_nothing() -> None:
    assert standing(of_2022(), items(i6=None)).value == Decimal("0.5")
    assert standing(of_2022(), items(i6="10")).value == Decimal("0.5")


def test_a_main_index_without_criteria_leaves_the_index_open() -> None:
    found = standing(of_2022(), [item for item in items() if item.group != "i7"])
    assert (found.value, found.empty) == (None, 1)
    assert (found.at_least, found.at_most) == (Decimal("0.4"), Decimal("0.6"))


def test_a_set_without_weights_gives_nothing() -> None:
    one = version_of("dti-2020")
    assert one is not None
    assert standing(one, ()).at_least is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([index.id for index in of_2022().indices]),
            st.none() | st.decimals(0, 10, places=2),
        ),
        max_size=30,
    )
)
def test_the_value_lies_between_its_bounds(given_items: list[tuple[str, Decimal | None]]) -> None:
    found = standing(of_2022(), (Item(group, Decimal(10), score) for group, score in given_items))
    assert found.at_least is not None
    assert found.at_most is not None
    assert 0 <= found.at_least <= found.at_most <= 1
    if found.value is not None:
        assert abs(found.value - found.at_least) <= Decimal("0.0001")
        assert (found.missing, found.empty) == (0, 0)
    for group in found.groups:
        assert Fraction(0) <= group.at_least <= group.at_most <= 1


def test_codes_stand_in_the_order_of_their_numbers() -> None:
    assert sorted(["4.22.1", "10.1", "4.9", "4.22"], key=order_of) == ["4.9", "4.22", "4.22.1", "10.1"]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Nhân lực số", "i4"),
        ("nhan luc so", "i4"),
        ("4. Nhân lực số", "i4"),
        ("Nhóm 4: Nhân lực số", "i4"),
        ("Chỉ số chính 4", "i4"),
        ("4", "i4"),
        ("An toàn thông tin", "i5"),
        ("Chính quyền số", "i7"),
        ("HOẠT ĐỘNG XÃ HỘI SỐ", "i9"),
        ("Chỉ số Hoạt động kinh tế số", "i8"),
        ("số", None),
        ("Hoạt động", None),
        ("Dữ liệu số", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_group_is_found_by_what_people_write(text: str, group: str | None) -> None:
    assert group_of(of_2022(), text) == group


@pytest.mark.parametrize(
    ("text", "is_evidence"),
    [
        ("12/BC-STTTT – 20/12/2021: danh sách chuyên mục", True),
        ("12/BC-STTTT - 20.12.2021: danh sách", True),
        ("Đang làm", False),
        ("12/BC-STTTT – 31/02/2021: danh sách", False),
        ("12/BC-STTTT – 20/12/2021:", False),
    ],
)
def test_evidence_is_number_day_and_content(text: str, is_evidence: bool) -> None:
    found = evidence_of(text)
    assert (found is not None) == is_evidence
    if found:
        assert (found.number, found.date) == ("12/BC-STTTT", dt.date(2021, 12, 20))


@pytest.mark.parametrize("text", ["12,5", "12.50", "12"])
def test_points_are_read_as_people_type_them(text: str) -> None:
    assert points_of(text) == Decimal(text.replace(",", "."))


@pytest.mark.parametrize("text", ["-1", "1,234", "nhiều", "1e3", "", "１２"])
def test_what_is_no_points_is_none(text: str) -> None:
    assert points_of(text) is None


GOOD = '4.1,Kỹ năng số,Nhân lực số,10,"8,5",8,"0,5",Đang thực hiện,Sở Nội vụ,31/05/2022,41/BC-SNV – 20/01/2022: kết quả'


def one(line: str) -> Any:
    (row,) = read_sheet(f"{HEAD}\n{line}", of_2022(), OFFICES)
    return row


def test_a_whole_line_is_read() -> None:
    row = one(GOOD)
    assert row.is_good
    assert (row.line, row.code, row.group, row.maximum, row.score) == (
        2,
        "4.1",
        "i4",
        Decimal(10),
        Decimal("8.5"),
    )
    assert (row.status, row.office, row.deadline) == (Status.IN_PROGRESS, "so noi vu", dt.date(2022, 5, 31))
    assert [paper.number for paper in row.evidence] == ["41/BC-SNV"]
    assert "người thứ hai" in row.notes[0]


def test_no_score_yet_is_not_zero() -> None:
    for nothing in ("", "–", "chưa có"):
        assert one(f"4.1,Kỹ năng số,Nhân lực số,10,{nothing},,,,,,").score is None
    assert one("4.1,Kỹ năng số,Nhân lực số,10,0,,,,,,").score == 0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("x,Tên,Nhân lực số,10,,,,,,,", "Mã: “x”"),
        ("4.1,,Nhân lực số,10,,,,,,,", "Chỉ tiêu: ghi tên"),
        ("4.1,Tên,Dữ liệu số,10,,,,,,,", "Nhóm: “Dữ liệu số” không khớp"),
        ("4.1,Tên,Nhân lực số,,,,,,,,", "Điểm tối đa: ghi số lớn hơn 0."),
        ("4.1,Tên,Nhân lực số,0,,,,,,,", "Điểm tối đa: ghi số lớn hơn 0."),
        ("4.1,Tên,Nhân lực số,mười,,,,,,,", "Điểm tối đa: “mười”"),
        ("4.1,Tên,Nhân lực số,10,11,,,,,,", "Tự đánh giá: 11 lớn hơn điểm tối đa 10."),
        ('4.1,Tên,Nhân lực số,10,"1,234",,,,,,', "Tự đánh giá: “1,234”"),
        ("4.1,Tên,Nhân lực số,10,-1,,,,,,", "Tự đánh giá: “-1”"),
        ("4.1,Tên,Nhân lực số,10,9,12,,,,,", "Thẩm định: 12 lớn hơn"),
        ("4.1,Tên,Nhân lực số,10,9,8,2,,,,", "Chênh lệch: ghi “2”, tự đánh giá trừ thẩm định là 1."),
        ("4.1,Tên,Nhân lực số,10,8,9,1,,,,", "Chênh lệch: ghi “1”, tự đánh giá trừ thẩm định là -1."),
        ("4.1,Tên,Nhân lực số,10,,,,Xong rồi,,,", "Trạng thái: “Xong rồi”"),
        ("4.1,Tên,Nhân lực số,10,,,,,Sở Không Có,,", "Phụ trách: không thấy cơ quan “Sở Không Có”."),
        ("4.1,Tên,Nhân lực số,10,,,,,,31/02/2022,", "Hạn xử lý: “31/02/2022”"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(line: str, problem: str) -> None:
    (told,) = one(line).problems
    assert told.startswith(problem)


def test_a_code_twice_is_named_with_the_first_line() -> None:
    first, second = read_sheet(f"{HEAD}\n{GOOD}\n\n{GOOD}", of_2022(), OFFICES)
    assert first.is_good
    assert second.problems == ("Mã: 4.1 đã có ở dòng 2.",)
    assert second.line == 4


def test_other_separators_heads_without_marks_and_quoted_lines_are_read() -> None:
    text = '\ufeffma;chi tieu;nhom;diem toi da;Minh chứng/Ghi chú\r\n4.1;Tên;4;10,5;"1/A – 01/02/2021: b\r\nđang chờ"\r\n'
    (row,) = read_sheet(text, of_2022(), OFFICES)
    assert (row.maximum, row.note, len(row.evidence), row.problems) == (Decimal("10.5"), "đang chờ", 1, ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Bảng trống."),
        ("Mã,Nhóm\n1,2", "Dòng đầu thiếu cột: Chỉ tiêu, Điểm tối đa."),
        (HEAD, "Bảng không có dòng nào"),
        (f"{HEAD}\n" + "4.1,Tên,4,1,,,,,,,\n" * 2001, "Bảng dài quá"),
        (f'{HEAD}\n"{"x" * 200_000}"', "Không đọc được bảng"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text: str, sentence: str) -> None:
    with pytest.raises(SheetUnreadable, match=sentence):
        read_sheet(text, of_2022(), OFFICES)
