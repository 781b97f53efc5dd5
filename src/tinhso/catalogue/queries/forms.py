"""Turn a form's schema into a page that works without JavaScript, and check what comes back.

One page asks one thing. ``AnswersForm`` renders itself (``{{ form }}``), says what is wrong at the box that is wrong, and
keeps what was typed. ``checking.check_answers`` checks the whole set again before anything is submitted.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from tinhso.catalogue.queries.boxes import (
    COMPOSITE,
    Commune,
    boxes,
    communes_on,
    find_commune,
    gather,
    missing,
    scatter,
)
from tinhso.catalogue.queries.checks import Problem, cross_problems
from tinhso.catalogue.queries.fields import identity_problem
from tinhso.catalogue.rules import Answers, Data, asked, columns, day_of, is_blank, is_needed, relevant, ui


class HasSchema(Protocol):
    """A form version or a kind of result: whatever carries questions."""

    schema: dict[str, Any]


#: Browsers send these boxes only when something is chosen, and all others always.
_SENT_IF_CHOSEN = (forms.RadioSelect, forms.CheckboxInput)


class PageUnknown(LookupError):
    """The form has no page with this key."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a form: a question and the fields that answer it."""

    key: str
    title: str
    hint: str
    fields: tuple[str, ...]


def pages(form: HasSchema, answers: Answers, today: dt.date) -> list[Page]:
    """Return the pages to be gone through under these answers, in order; a page without questions is left out."""
    shown = asked(form.schema, relevant(form.schema, answers, today), today)
    return [
        Page(page["key"], page["title"], page.get("hint", ""), fields)
        for page in form.schema["x-pages"]
        if (fields := tuple(key for key in page["fields"] if key in shown))
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a question with rows: its number from 1 and its inner questions."""

    place: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the template draws it. ``show_if`` (JSON) is for the page that shows all questions at once."""

    key: str
    kind: str
    title: str
    hint: str
    is_needed: bool
    boxes: tuple[BoundField, ...]
    rows: tuple[Row, ...]
    may_add: bool
    show_if: str
    add_label: str


class AnswersForm(forms.Form):
    """A page of questions (or all of them, where ``page_key`` is None), made from a schema."""

    schema: ClassVar[dict[str, Any]]
    page_key: ClassVar[str | None]
    template_name = "catalogue/answers.html"
    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | Mapping[str, Any] | None = None,
        *,
        answers: Answers,
        today: dt.date,
        communes: Sequence[Commune] | None = None,
        area: frozenset[str] | None = None,
    ) -> None:
        """Take what was posted, the answers so far, and the day.

        ``communes``: those of the province, asked of the directory when None. ``area``: codes of the communes that
        the chosen office serves, None where nobody knows yet. Raises ``PageUnknown``.
        """
        super().__init__(data, label_suffix="")
        self.today, self.area, self.before = today, area, answers
        self.specs = {key: self.schema["properties"][key] for key in self._keys()}
        self.communes: Sequence[Commune] = ()
        if any("address" in _kinds(spec) for spec in self.specs.values()):
            self.communes = communes_on(today) if communes is None else communes
        self.row_change = any(
            f"{key}__{act}" in (data or {}) for key in self.specs for act in ("add", "remove")
        )
        self.answers: dict[str, Any] = {}
        self.warnings: list[Problem] = []
        self._rows = {
            key: self._count(key, data) for key, spec in self.specs.items() if ui(spec)["kind"] == "rows"
        }
        self._offer(everything=True)
        so_far = dict(answers) | self.typed() if self.is_bound else dict(answers)
        self.shown = asked(self.schema, relevant(self.schema, so_far, today), today)
        self.is_whole = self.page_key is None
        self._needed = {
            key for key, spec in self.specs.items() if key in self.shown and is_needed(spec, so_far, today)
        }
        self._offer(everything=self.is_whole)
        for key, spec in self.specs.items():
            self.initial.update(scatter(key, spec, answers.get(key)))
        self.initial.update({f"{key}__rows": count for key, count in self._rows.items()})

    def _keys(self) -> list[str]:
        for page in self.schema["x-pages"]:
            if self.page_key == page["key"]:
                return list(page["fields"])
        if self.page_key is not None:
            raise PageUnknown(self.page_key)
        return [
            key
            for page in self.schema["x-pages"]
            for key in page["fields"]
            if not ui(self.schema["properties"][key]).get("hidden")
        ]

    def _count(self, key: str, data: Any) -> int:
        spec = self.specs[key]
        posted = data.get(f"{key}__rows", "") if data else ""
        held = (
            int(posted)
            if str(posted).isascii() and str(posted).isdigit()
            else len(self.before.get(key) or ())
        )
        return int(min(max(held, spec.get("minItems", 1), 1), spec["maxItems"]))

    def _offer(self, *, everything: bool) -> None:
        """Make the boxes of all questions, or of those that are asked now."""
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]
        self.fields = {}
        self.names: dict[str, list[str]] = {}
        for key, spec in self.specs.items():
            if everything or key in self.shown:
                needed = key in self._needed if hasattr(self, "_needed") else False
                made = boxes(
                    key,
                    spec,
                    needed=needed and ui(spec)["kind"] not in COMPOSITE,
                    rows=self._rows.get(key, 0),
                )
                self.names[key] = list(made)
                self.fields |= made

    # What was typed

    def typed(self) -> dict[str, Any]:
        """Return the answers of this page as typed, right or wrong, for the draft; blanks as None.

        A pressed "Thêm dòng" or "Xóa dòng" has already been done in them. A question whose boxes did not come at all
        (a request cut off on its way) is left out: the person did not empty it.
        """
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            try:
                values[name] = field.clean(raw)
            except ValidationError:
                values[name] = raw
        values |= {f"{key}__rows": count for key, count in self._rows.items()}
        found = {
            key: gather(key, self.specs[key], values, self.communes) for key in self.names if self._came(key)
        }
        for key in self._rows:
            if key in found:
                found[key] = self._rows_after(key, found[key])
        return found

    def _came(self, key: str) -> bool:
        """Say whether the question's boxes were in the request; radio buttons and ticks come only when chosen."""
        widgets = {name: self.fields[name].widget for name in self.names[key]}
        return any(name in self.data or isinstance(box, _SENT_IF_CHOSEN) for name, box in widgets.items())

    def _rows_after(self, key: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        gone = str(self.data.get(f"{key}__remove", ""))
        if gone.isascii() and gone.isdigit() and int(gone) < len(rows):
            rows = [row for place, row in enumerate(rows) if place != int(gone)]
        if f"{key}__add" in self.data and len(rows) < self.specs[key]["maxItems"]:
            rows = [*rows, {}]
        return rows

    # Checking

    def clean(self) -> dict[str, Any]:
        """Gather the answers and check them against each other; they are in ``self.answers`` afterwards."""
        values = dict(self.cleaned_data) | {f"{key}__rows": count for key, count in self._rows.items()}
        for key, names in self.names.items():
            if key not in self.shown:
                for name in names:
                    self.errors.pop(name, None)
                continue
            answer = gather(key, self.specs[key], values, self.communes)
            if ui(self.specs[key])["kind"] == "rows":
                answer = self._whole_rows(key, answer)
            elif not any(name in self.errors for name in names):
                self._complete(key, self.specs[key], answer, needed=key in self._needed)
            self.answers[key] = None if is_blank(answer) else answer
        self._cross_check()
        return self.cleaned_data

    def _whole_rows(self, key: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Check each row that is not blank, and that there are enough; return them."""
        spec = self.specs[key]
        inner = columns(spec)
        kept = []
        for place, row in enumerate(rows):
            if all(is_blank(v) or v is False for v in row.values()) and not self._has_error(
                f"{key}__{place}__"
            ):
                continue
            for column, part in inner.items():
                name = f"{key}__{place}__{column}"
                if not self._has_error(name):
                    self._complete(name, part, row.get(column), needed=is_needed(part, row, self.today))
            kept.append(row)
        least = spec.get("minItems", 1) if key in self._needed else 0
        if len(kept) < least and not self._has_error(f"{key}__"):
            first = f"{key}__0__{next(iter(inner))}"
            self.add_error(first if first in self.fields else None, missing(spec))
        return kept

    def _has_error(self, start: str) -> bool:
        return any(name == start or name.startswith(start) for name in self.errors)

    def _complete(self, name: str, spec: Data, answer: Any, *, needed: bool) -> None:
        """Say which boxes of a composite question are still blank, or what is wrong with its number or place."""
        kind = ui(spec)["kind"]
        if is_blank(answer):
            if needed:
                asking = {"identity": f"{name}__number", "address": f"{name}__area"}
                self.add_error(asking.get(kind, name), missing(spec))
            return
        if kind == "identity":
            self._complete_identity(name, spec, answer)
        if kind == "address":
            self._complete_address(name, spec, answer)

    def _complete_identity(self, name: str, spec: Data, answer: Data) -> None:
        for part, text in (
            ("kind", _("Hãy chọn loại giấy tờ.")),
            ("number", _("Hãy ghi số giấy tờ.")),
            ("issued_on", _("Hãy ghi ngày cấp giấy tờ.")),
            ("issued_by", _("Hãy ghi nơi cấp giấy tờ.")),
        ):
            if not answer.get(part) and part not in ui(spec).get("optionalParts", ()):
                self.add_error(f"{name}__{part}", text)
        wrong = identity_problem(answer.get("kind", ""), answer.get("number", ""))
        if wrong:
            self.add_error(f"{name}__number", wrong)
        issued, expires = day_of(answer.get("issued_on")), day_of(answer.get("expires_on"))
        if issued and issued > self.today:
            self.add_error(f"{name}__issued_on", _("Ngày cấp chưa tới. Hãy xem lại ngày trên giấy."))
        if expires and expires < self.today:
            self.add_error(f"{name}__expires_on", _("Giấy tờ đã hết hạn. Hãy dùng giấy còn hạn."))

    def _complete_address(self, name: str, spec: Data, answer: Data) -> None:
        area = answer.get("area", "")
        if not area:
            self.add_error(f"{name}__area", _("Hãy ghi xã, huyện, tỉnh."))
        elif not answer.get("commune"):
            several = find_commune(area, self.communes)
            if several:
                self.add_error(
                    f"{name}__area",
                    _("Có %(n)s nơi tên là %(name)s. Hãy ghi thêm huyện.")
                    % {"n": len(several), "name": area},
                )
            elif area.count(",") < 1:
                self.add_error(
                    f"{name}__area", _("Hãy chọn xã trong danh sách, hoặc ghi đủ xã, huyện, tỉnh.")
                )
        if not answer.get("detail") and ui(spec).get("detail") == "required":
            self.add_error(f"{name}__detail", _("Hãy ghi số nhà, đường, thôn hoặc tổ."))

    def _cross_check(self) -> None:
        """Add what the cross-checks find at boxes of this page, unless that box already has an error."""
        known = relevant(self.schema, dict(self.before) | self.answers, self.today)
        for problem in cross_problems(self.schema, known, self.today, self.area):
            key = problem.path.split(".")[0]
            if key not in self.names:
                continue
            if problem.is_warning:
                self.warnings.append(problem)
                continue
            name = self._box(problem.path)
            if not self._has_error(name):
                self.add_error(name, problem.text)

    def _box(self, path: str) -> str:
        """Return the name of the box that a path means; the first box of the question where it means the whole."""
        name = path.replace(".", "__")
        if name in self.fields:
            return name
        names = self.names[path.split(".")[0]]
        return next((n for n in names if not n.endswith("__rows")), names[0])

    # Drawing

    @property
    def questions(self) -> list[Question]:
        """Return the questions of this page, in order, ready to be drawn."""
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]
        self.fields = copy.deepcopy(self.fields)  # drawing marks them, and they are shared
        return [self._question(key, self.specs[key], self.names[key]) for key in self.names]

    def _question(
        self, name: str, spec: Data, names: Iterable[str], *, needed: bool | None = None
    ) -> Question:
        hints = ui(spec)
        kind = hints["kind"]
        bound = tuple(self[n] for n in names)
        condition = hints.get("showIf") if self.is_whole else None
        count = self._rows.get(name, 0)
        is_needed = (name in self._needed) if needed is None else needed
        self._mark(spec, bound, needed=is_needed)
        return Question(
            key=name,
            kind=kind,
            title=spec["title"],
            hint=hints.get("hint", ""),
            is_needed=is_needed,
            boxes=bound[:1] if kind == "rows" else bound,
            rows=tuple(self._row(name, spec, place) for place in range(count)),
            may_add=count < spec.get("maxItems", 0),
            show_if=json.dumps(condition) if condition else "",
            add_label=hints.get("addLabel", ""),
        )

    @staticmethod
    def _mark(spec: Data, bound: Iterable[BoundField], *, needed: bool) -> None:
        """Let the labels say what may stay blank. After checking only: parts of a composite are checked together."""
        hints = ui(spec)
        for box in bound:
            part = box.name.rsplit("__", 1)[-1]
            if hints["kind"] == "identity":
                box.field.required = part not in ("expires_on", *hints.get("optionalParts", ()))
            elif hints["kind"] == "address":
                box.field.required = part == "area" or hints.get("detail") == "required"
            else:
                box.field.required = needed

    def _row(self, name: str, spec: Data, place: int) -> Row:
        questions = []
        for column, inner in columns(spec).items():
            start = f"{name}__{place}__{column}"
            names = [n for n in self.names[name] if n == start or n.startswith(start + "__")]
            needed = ui(inner).get("need", "required") != "optional"
            questions.append(self._question(start, inner, names, needed=needed))
        return Row(place + 1, tuple(questions))


def _kinds(spec: Data) -> set[str]:
    inner = spec.get("items", {}).get("properties", {})
    return {ui(spec)["kind"], *(ui(part)["kind"] for part in inner.values())}


def form_class(form: HasSchema, page_key: str | None = None) -> type[AnswersForm]:
    """Return the Django form of one page of a form version or result kind; of all its questions without ``page_key``."""
    return type("PageForm", (AnswersForm,), {"schema": form.schema, "page_key": page_key})
