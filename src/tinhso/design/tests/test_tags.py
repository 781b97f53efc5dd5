"""The template tags draw fields, errors and states the way people can read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from tinhso.design import context


class Asked(forms.Form):
    """A form with one of each kind of field."""

    identity = forms.CharField(label="Số căn cước", help_text="12 số", min_length=12)
    born = forms.DateField(label="Ngày sinh", required=False)
    kin = forms.ChoiceField(label="Quan hệ", choices=[("con", "Con đẻ")], widget=forms.RadioSelect)
    truth = forms.BooleanField(label="Khai đúng sự thật")
    paper = forms.FileField(label="Văn bản", required=False)

    hints: ClassVar[dict[str, str]] = {"con": "Không phải đóng thuế"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kin"].choice_hints = self.hints  # type: ignore[attr-defined]


def draw(source: str, **values: Any) -> str:
    """Render a line of template."""
    return Template("{% load design %}" + source).render(Context(values))


def test_a_field_ties_its_hint_and_its_error_to_the_input() -> None:
    drawn = draw("{% field form.identity %}", form=Asked({"identity": "036"}))
    assert 'aria-describedby="id_identity-hint id_identity-err"' in drawn
    assert 'id="id_identity-hint"' in drawn
    assert 'id="id_identity-err"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'value="036"' in drawn


def test_only_a_field_one_may_skip_says_so() -> None:
    assert "(không bắt buộc)" not in draw("{% field form.identity %}", form=Asked())
    assert "(không bắt buộc)" in draw("{% field form.born %}", form=Asked())


def test_a_date_is_one_text_field_in_the_order_people_write_it() -> None:
    drawn = draw("{% field form.born %}", form=Asked(initial={"born": date(1985, 11, 24)}))
    assert 'type="text"' in drawn
    assert 'value="24/11/1985"' in drawn


def test_an_answer_of_a_choice_explains_itself() -> None:
    drawn = draw("{% field form.kin %}", form=Asked())
    assert "<legend>Quan hệ" in drawn
    assert "<small>Không phải đóng thuế</small>" in drawn


def test_the_summary_counts_the_mistakes_and_leads_to_each() -> None:
    drawn = draw("{% error_summary form %}", form=Asked({"identity": "036"}))
    assert "Còn 3 chỗ cần sửa" in drawn
    assert 'href="#id_identity"' in drawn
    assert 'href="#id_kin_0"' in drawn
    assert 'href="#id_truth"' in drawn


def test_a_form_not_yet_sent_has_no_summary() -> None:
    assert draw("{% error_summary form %}", form=Asked()).strip() == ""


def test_a_tag_says_the_state_in_words() -> None:
    assert "Quá hạn" in draw('{% tag "late" %}')
    assert "Chờ ký" in draw('{% tag "plain" "Chờ ký" %}')


def test_the_steps_count_what_is_done() -> None:
    drawn = draw('{% steps 2 3 "Giấy tờ" %}')
    assert "Bước 2/3" in drawn
    assert drawn.count('class="done"') == 1
    assert drawn.count('class="now"') == 1


@pytest.mark.parametrize(
    "row", [("Lệ phí", "28.000 đ", "Nghị quyết"), {"label": "Lệ phí", "value": "28.000 đ"}]
)
def test_a_ledger_takes_rows_of_any_shape(row: Any) -> None:
    drawn = draw("{% ledger rows total %}", rows=[row], total=("Phải trả", "28.000 đ"))
    assert "<dt>Lệ phí</dt><dd>28.000 đ</dd>" in drawn
    assert "Phải trả" in drawn


def test_moments_are_told_in_vietnams_time() -> None:
    assert (
        draw("{{ at|vn_datetime }}", at=datetime(2022, 4, 27, 7, 52, tzinfo=UTC)) == "14 giờ 52, 27/04/2022"
    )


def test_dates_money_and_numbers_read_as_people_write_them() -> None:
    assert draw("{{ d|vn_date }}", d=date(2022, 5, 16)) == "16/05/2022"
    assert draw("{{ d|vn_weekday_date }}", d=date(2022, 5, 16)) == "thứ Hai, 16/05/2022"
    assert draw("{{ n|vn_money }}", n=28000) == "28.000 đ"
    assert draw("{{ n|vn_money }}", n=0) == "Miễn phí"
    assert draw("{{ n|vn_number }}", n=1605) == "1.605"
    assert draw("{{ n|vn_number }}", n=35.9) == "35,9"
    assert draw("{{ n|vn_date }}{{ n|vn_number }}", n=None) == ""
    assert draw("{{ n|vn_money }}", n=None) == "Nơi nhận báo số tiền"


def test_a_page_that_does_not_exist_is_not_linked(settings: Any) -> None:
    settings.ROOT_URLCONF = "tinhso.design.tests.no_pages"
    assert context.existing_links() == {}


@pytest.mark.parametrize("code", [400, 403, 404, 405, 429, 500, 503, "stale"])
def test_a_problem_page_can_be_drawn_with_nothing_at_hand(code: int | str) -> None:
    assert 'lang="vi"' in render_to_string(f"design/problems/{code}.html")
