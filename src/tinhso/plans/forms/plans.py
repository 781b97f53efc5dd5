"""What is typed about windows, plans, rows of the annex and opinions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinhso.directory.api import Office, OfficeKind, Post
from tinhso.plans.models import Directive, Plan, PlanItem
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.plan_people import office_named
from tinhso.plans.rules.plans import Row, million_vnd, millions
from tinhso.plans.services.give_opinion import LONGEST_OPINION, NewOpinion
from tinhso.plans.services.open_window import Wanted
from tinhso.toolkit.text import tidy, visible

_DAYS: Final = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
_DAY_WRONG: Final = gettext_lazy("Viết ngày như 30/06/2022.")
#: Opinions that one press takes.
BOXES: Final = 5


class _Form(forms.Form):
    """A form whose words are ours."""

    use_required_attribute = False

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, label_suffix="", initial=dict(initial or {}))
        for field in self.fields.values():
            field.error_messages |= {
                "max_length": _("Dài quá. Viết gọn lại rồi lưu."),
                "null_characters_not_allowed": _("Có ký tự lạ. Xóa đi rồi gõ lại."),
                "invalid_choice": _("Chọn một mục trong danh sách."),
            }


class _Text(forms.CharField):
    """A text without letters that nobody sees."""

    def to_python(self, value: object) -> str:
        return visible(super().to_python(value) or "")


def _line(label: Any, needed: Any = "", *, longest: int, classes: str = "", **more: Any) -> _Text:
    return _Text(
        label=label,
        required=bool(needed),
        max_length=longest,
        error_messages={"required": needed},
        widget=forms.TextInput({"autocomplete": "off", "class": classes}),
        **more,
    )


def _area(label: Any, needed: Any = "", *, longest: int, rows: int = 3, **more: Any) -> _Text:
    return _Text(
        label=label,
        required=bool(needed),
        max_length=longest,
        error_messages={"required": needed},
        widget=forms.Textarea({"rows": rows, "class": "t2l"}),
        **more,
    )


def _day(label: Any, needed: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=_DAYS,
        error_messages={"required": needed, "invalid": _DAY_WRONG},
        widget=forms.DateInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Ngày, tháng, năm. Ví dụ 30/06/2022"),
        **more,
    )


def _year(label: Any) -> forms.IntegerField:
    wrong = gettext_lazy("Ghi năm bằng bốn số, ví dụ 2022.")
    return forms.IntegerField(
        label=label,
        min_value=2000,
        max_value=2100,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        widget=forms.TextInput({"class": "short num", "inputmode": "numeric", "autocomplete": "off"}),
    )


def _number(text: object) -> int | None:
    said = str(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None


class WindowForm(_Form):
    """A registration window; offices are ticked by kind, with a mark for those named first."""

    name = _line(
        gettext_lazy("Tên đợt"),
        gettext_lazy("Ghi tên đợt, ví dụ Kế hoạch chuyển đổi số năm 2022."),
        longest=160,
    )
    first_year = _year(gettext_lazy("Kế hoạch từ năm"))
    last_year = _year(gettext_lazy("đến hết năm"))
    deadline = _day(gettext_lazy("Hạn đăng ký"), gettext_lazy("Ghi hạn đăng ký, ví dụ 20/05/2022."))
    directive = forms.ChoiceField(label=gettext_lazy("Văn bản yêu cầu"), required=False)

    def __init__(self, data: QueryDict | None = None, *, on: dt.date) -> None:
        """Take what was posted, and the day whose offices are listed."""
        super().__init__(data, initial={"first_year": on.year, "last_year": on.year})
        rows = Directive.objects.filter(issued_on__lte=on).order_by("-issued_on", "-pk")[:100]
        box = self.fields["directive"]
        if isinstance(box, forms.ChoiceField):
            box.choices = [
                ("", _("Không nêu văn bản")),
                *((str(one.pk), f"{one.number}: {one.summary}"[:120]) for one in rows),
            ]
        kinds = [OfficeKind.PROVINCE, OfficeKind.DEPARTMENT, OfficeKind.DISTRICT, OfficeKind.COMMUNE]
        self.offices = list(Office.objects.on(on).filter(kind__in=kinds).order_by("sort_key", "pk"))
        self._posted = data

    def clean(self) -> dict[str, Any]:
        """Ask for an office."""
        cleaned = super().clean() or {}
        if not self._chosen():
            self.add_error(None, _("Chọn ít nhất một cơ quan phải đăng ký."))
        return cleaned

    def by_kind(self, words: Mapping[OfficeKind, Any]) -> list[tuple[str, str, list[Any]]]:
        """Return (kind, its words, (office, is ticked, is marked) …) in the order of ``words``."""
        chosen = self._chosen()
        marked = {_number(one) for one in self._all("priority")}
        return [
            (
                kind.value,
                str(label),
                [
                    (office, office.pk in chosen, office.pk in marked)
                    for office in self.offices
                    if office.kind == kind
                ],
            )
            for kind, label in words.items()
        ]

    def window(self) -> dict[str, Any]:
        """Return what ``open_window`` takes. An office that is marked is asked too."""
        marked = {_number(one) for one in self._all("priority")}
        said = self.cleaned_data
        return {
            "name": said["name"],
            "first_year": said["first_year"],
            "last_year": said["last_year"],
            "deadline": said["deadline"],
            "directive": _number(said["directive"]),
            "offices": [Wanted(pk, pk in marked) for pk in sorted(self._chosen())],
        }

    def _chosen(self) -> set[int]:
        kinds = set(self._all("kind"))
        ticked = {_number(one) for one in (*self._all("office"), *self._all("priority"))}
        return {office.pk for office in self.offices if office.pk in ticked or office.kind in kinds}

    def _all(self, name: str) -> list[str]:
        return self._posted.getlist(name) if self._posted is not None else []


class PlanForm(_Form):
    """Title, aim and accountable head of a plan."""

    title = _line(gettext_lazy("Tên kế hoạch"), gettext_lazy("Ghi tên kế hoạch."), longest=250)
    head = forms.ChoiceField(
        label=gettext_lazy("Người đứng đầu chịu trách nhiệm"),
        required=False,
        widget=forms.Select({"class": "mid"}),
    )
    goal = _area(gettext_lazy("Mục tiêu chung"), longest=5_000, rows=6)

    def __init__(self, data: Mapping[str, Any] | None = None, *, plan: Plan, heads: Sequence[Post]) -> None:
        """Take what was posted, the plan as it is, and who may be named."""
        super().__init__(
            data, initial={"title": plan.title, "goal": plan.goal, "head": str(plan.head_id or "")}
        )
        box = self.fields["head"]
        if isinstance(box, forms.ChoiceField):
            box.choices = [
                ("", _("Chưa nêu")),
                *((str(post.pk), f"{post.person.name}, {post.title}") for post in heads),
            ]

    def head_id(self) -> int | None:
        """Return the post that was chosen."""
        return _number(self.cleaned_data["head"])


class ItemForm(_Form):
    """One row of the annex; money in millions of VND."""

    group = forms.ChoiceField(
        label=gettext_lazy("Nhóm nhiệm vụ"),
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": gettext_lazy("Chọn một trong tám nhóm nhiệm vụ.")},
    )
    content = _area(
        gettext_lazy("Nhiệm vụ"),
        gettext_lazy("Ghi nội dung nhiệm vụ."),
        longest=1000,
        help_text=gettext_lazy("Bắt đầu bằng động từ, có số lượng. Ví dụ: Đưa 12 thủ tục lên mức độ 4."),
    )
    lead = _line(
        gettext_lazy("Chủ trì"),
        gettext_lazy("Ghi cơ quan hoặc phòng chủ trì."),
        longest=200,
        help_text=gettext_lazy("Tên cơ quan thì máy tự nhận ra. Phòng trong cơ quan thì ghi tên phòng."),
    )
    partners = _line(gettext_lazy("Phối hợp"), longest=500)
    starts = _day(gettext_lazy("Bắt đầu"), gettext_lazy("Ghi ngày bắt đầu, ví dụ 16/05/2022."))
    ends = _day(gettext_lazy("Xong"), gettext_lazy("Ghi ngày phải xong, ví dụ 30/06/2022."))
    product = _line(
        gettext_lazy("Sản phẩm, kết quả"), gettext_lazy("Ghi sản phẩm, kết quả phải có."), longest=500
    )
    amount = _line(
        gettext_lazy("Kinh phí, triệu đồng"),
        longest=20,
        classes="short num",
        help_text=gettext_lazy("Ví dụ 180 hoặc 1.250,5. Không tốn tiền thì bỏ trống."),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Nguồn kinh phí"), required=False, widget=forms.Select({"class": "mid"})
    )
    sector = _line(gettext_lazy("Ngành, lĩnh vực ưu tiên"), longest=60)
    note = _line(gettext_lazy("Ghi chú"), longest=500)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, item: PlanItem | None = None, group: str = ""
    ) -> None:
        """Take what was posted, and the row as it is; a new one begins with its group."""
        super().__init__(data, initial=_item(item) if item else {"group": group})
        for name, first in (("group", _("Chọn nhóm")), ("source", _("Không tốn tiền"))):
            box = self.fields[name]
            if isinstance(box, forms.ChoiceField):
                box.choices = [("", first), *labels(f"{name}s").items()]

    def clean_amount(self) -> int:
        """Return VND. Raises ``ValidationError`` for what is no amount."""
        vnd = million_vnd(self.cleaned_data["amount"])
        if vnd is None:
            raise forms.ValidationError(_("Ghi số tiền bằng triệu đồng, ví dụ 180 hoặc 1.250,5."))
        return vnd

    def row(self, on: dt.date) -> Row:
        """Return the row that was typed; the office that leads is known by its name on the day."""
        said = self.cleaned_data
        lead = tidy(said["lead"])
        office = office_named(lead, on)
        return Row(
            group=said["group"],
            content=tidy(said["content"]),
            lead=lead,
            lead_office=office.pk if office else None,
            partners=tidy(said["partners"]),
            starts=said["starts"],
            ends=said["ends"],
            product=tidy(said["product"]),
            amount=said["amount"],
            source=said["source"] if said["amount"] else "",
            sector=tidy(said["sector"]),
            note=tidy(said["note"]),
        )


def _item(item: PlanItem) -> dict[str, Any]:
    return {
        **{
            name: getattr(item, name)
            for name in ("group", "content", "lead", "partners", "product", "source", "sector", "note")
        },
        "starts": item.starts,
        "ends": item.ends,
        "amount": millions(item.amount) if item.amount else "",
    }


class AskForm(_Form):
    """Which offices are asked, and how many working days they have."""

    days = forms.IntegerField(
        label=gettext_lazy("Số ngày làm việc để góp ý"),
        min_value=1,
        max_value=60,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("Ghi từ 1 đến 60 ngày làm việc.")
        ),
        widget=forms.TextInput({"class": "short num", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, offices: Sequence[Office], asked: frozenset[int]
    ) -> None:
        """Take what was posted, the offices that may be asked, and those that were asked before."""
        super().__init__(data, initial={"days": document("plan_musts")["opinion_working_days"]})
        self.offices, self.asked, self._posted = offices, asked, data

    def chosen(self) -> set[int]:
        """Return the offices that were ticked."""
        posted = self._posted.getlist("office") if self._posted is not None else []
        ticked = {_number(one) for one in posted}
        return {office.pk for office in self.offices if office.pk in ticked}

    def by_kind(self, words: Mapping[OfficeKind, Any]) -> list[tuple[str, list[Any]]]:
        """Return (words of the kind, (office, is ticked, was asked) …)."""
        chosen = self.chosen()
        return [
            (str(label), found)
            for kind, label in words.items()
            if (
                found := [
                    (office, office.pk in chosen, office.pk in self.asked)
                    for office in self.offices
                    if office.kind == kind
                ]
            )
        ]


AGREES, SAYS = "nhat-tri", "co-y-kien"


@dataclass(frozen=True, slots=True)
class Box:
    """One opinion as typed: on the row in this place, 0 for the whole."""

    n: int
    row: int
    text: str


class OpinionForm:
    """What an asked office says: that it agrees, or up to ``BOXES`` opinions at a time, each on a row or the whole."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: int = 0) -> None:
        """Take what was posted; ``row`` is chosen in the first box."""
        posted = data or {}
        self.answer = str(posted.get("answer", SAYS if row else ""))
        self.boxes = [
            Box(
                n,
                _number(posted.get(f"row-{n}", row if n == 1 else 0)) or 0,
                visible(str(posted.get(f"text-{n}", "")))[: LONGEST_OPINION + 1],
            )
            for n in range(1, BOXES + 1)
        ]
        self.wrong: dict[str, str] = {}

    @property
    def has_more(self) -> bool:
        """Say whether anything stands beyond the first box."""
        return any(box.text.strip() for box in self.boxes[1:])

    def opinions(self) -> list[NewOpinion] | None:
        """Return what was said, nothing for agreement; None where something is missing, and ``wrong`` says what."""
        said = [NewOpinion(box.row, box.text.strip()) for box in self.boxes if box.text.strip()]
        if self.answer == AGREES:
            if said:
                self.wrong["answer"] = _("Đã ghi ý kiến thì chọn “Có ý kiến”, hoặc xóa ý kiến đi.")
            return None if said else []
        if self.answer != SAYS:
            self.wrong["answer"] = _("Chọn nhất trí hoặc có ý kiến.")
            return None
        if not said:
            self.wrong["text-1"] = _("Ghi ý kiến, mỗi ô một ý.")
            return None
        return said


class AnswerForm(_Form):
    """How an opinion is answered."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Trả lời"),
        choices=[("accepted", gettext_lazy("Tiếp thu")), ("rejected", gettext_lazy("Không tiếp thu"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn tiếp thu hoặc không tiếp thu.")},
    )
    text = _area(
        gettext_lazy("Đã sửa gì, hoặc vì sao không tiếp thu"),
        longest=1000,
        help_text=gettext_lazy("Không tiếp thu thì phải ghi lý do."),
    )
