"""Find procedures and read them as pages and dossiers need them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from tinhso.catalogue.models import (
    Alias,
    Case,
    ChannelTerm,
    Defect,
    FormVersion,
    LegalBasis,
    Procedure,
    ProcedureVersion,
    ProcessStep,
    RequiredPaper,
    ResultKind,
    ServiceLevel,
)
from tinhso.catalogue.queries.reading import drafted
from tinhso.catalogue.rules import Answers, FeeLines, fee_lines, first_case, holds
from tinhso.directory.api import reference_stamp
from tinhso.toolkit.words import money

#: A provincial instance: the national code and the 13 characters of the agency's.
_PROVINCIAL = re.compile(r"(\d\.\d{6})\.\d{3}\.\d{2}\.\d{2}\.H\d{2}")
#: NĐ 42/2022/NĐ-CP is in force from this day.
NEW_SYSTEM_FROM: Final = dt.date(2022, 8, 15)
#: Dossiers are received online from this level on, in both systems.
ONLINE_FROM: Final = 3


class ProcedureNotFound(LookupError):
    """No published version of a procedure with this code is in force on the day."""


def current(code: str, on: dt.date) -> ProcedureVersion:
    """Return the version in force on a day, as ``version_of`` does. Raises ``ProcedureNotFound``."""
    found = _current(reference_stamp(), code, on)
    if found is None:
        raise ProcedureNotFound(code)
    return version_of(found)


@lru_cache(maxsize=4_000)
def _current(_stamp: dt.datetime, code: str, on: dt.date) -> int | None:
    return ProcedureVersion.objects.on(on).filter(procedure__code=code).values_list("pk", flat=True).first()


def code_today(code: str) -> str | None:
    """Return the code that an old or a provincial code (``1.001193.000.00.00.H40``) stands for, or None.

    A province that is gone keeps its codes alive: what was printed on a poster must lead somewhere for ever.
    """
    alias = Alias.objects.filter(code=code).values_list("procedure__code", flat=True).first()
    if alias is not None:
        return alias
    root = _PROVINCIAL.fullmatch(code)
    known = Procedure.objects.filter(code=root[1]).values_list("code", flat=True) if root else ()
    return next(iter(known), None)


def version_of(pk: int) -> ProcedureVersion:
    """Return a version with everything that hangs on it, kept in memory; to be read, never changed.

    Parts of a published version never change (migration 0002); the reference stamp moves with the version itself.
    """
    return _version_of(reference_stamp(), pk)


@lru_cache(maxsize=400)
def _version_of(_stamp: dt.datetime, pk: int) -> ProcedureVersion:
    whole = ProcedureVersion.objects.select_related("procedure__field", "form", "result")
    cases = Prefetch("cases", Case.objects.prefetch_related("terms", "steps"))
    return whole.prefetch_related("papers", "defects", "legal_bases", cases).get(pk=pk)


def versions_on(on: dt.date) -> list[ProcedureVersion]:
    """Return every version in force on a day with its procedure, by code."""
    return list(
        ProcedureVersion.objects.on(on).select_related("procedure__field").order_by("procedure__code")
    )


def form_for(version: ProcedureVersion, on: dt.date) -> FormVersion | None:
    """Return the form of a version, or None on a day on which the form is not in force."""
    form = FormVersion.objects.filter(version=version).first()
    if form is None or form.effective_from > on or (form.effective_to is not None and form.effective_to < on):
        return None
    return form


# Cases, fees, papers, steps


def case_of(version: ProcedureVersion, answers: Answers, today: dt.date) -> Case:
    """Return the case that the answers make, e.g. a birth registered late; one an officer chooses never comes of itself."""
    cases = {case.key: case for case in version.cases.all() if not case.is_chosen_by_officer}
    return cases[first_case([(case.key, case.when) for case in cases.values()], answers, today)]


def case_named(version: ProcedureVersion, key: str) -> Case:
    """Return the case of a version with this key. Raises ``Case.DoesNotExist``."""
    for case in version.cases.all():
        if case.key == key:
            return case
    raise Case.DoesNotExist(key)


def term(case: Case, channel: str) -> ChannelTerm:
    """Return limit and fee of a case by a channel. Raises ``ChannelTerm.DoesNotExist`` where it is not served."""
    for one in case.terms.all():
        if one.channel == channel:
            return one
    raise ChannelTerm.DoesNotExist(channel)


def fee(case: Case, channel: str, answers: Answers, today: dt.date) -> FeeLines:
    """Return what is to be paid for these answers. Raises ``ChannelTerm.DoesNotExist``."""
    return fee_lines(term(case, channel).fee_rules, answers, today)


def papers(version: ProcedureVersion, answers: Answers, today: dt.date) -> list[RequiredPaper]:
    """Return the papers that these answers call for, in order, what the state has included."""
    return [paper for paper in version.papers.all() if holds(paper.when, answers, today)]


def steps(case: Case) -> list[ProcessStep]:
    """Return the internal process of a case, in order."""
    return list(case.steps.all())


def defects(version: ProcedureVersion) -> list[Defect]:
    """Return the structured defects an officer may tick, in order."""
    return list(version.defects.all())


def result_kind(version: ProcedureVersion) -> ResultKind:
    """Return the kind of result; its ``schema`` draws the officer's draft by ``form_class``."""
    return ResultKind.objects.get(version=version)


def result_fields(version: ProcedureVersion) -> dict[str, Any]:
    """Return the schema of the officer's draft of the result."""
    schema: dict[str, Any] = result_kind(version).schema
    return schema


def draft_result(version: ProcedureVersion, answers: Answers) -> dict[str, Any]:
    """Return the officer's first draft of the result, filled in from the answers."""
    return drafted(result_fields(version), FormVersion.objects.get(version=version).schema, answers)


def service_level(procedure: Procedure, on: dt.date, *, system: int = 2011) -> ServiceLevel | None:
    """Return the online level of a procedure on a day, or None where none is known."""
    return levels_on(on, system=system).get(procedure.pk)


def level_in_force(procedure: Procedure, on: dt.date) -> ServiceLevel | None:
    """Return the level that counts on a day; from 15/08/2022 that of NĐ 42/2022, where one was decided."""
    later = service_level(procedure, on, system=2022) if on >= NEW_SYSTEM_FROM else None
    return later or service_level(procedure, on)


def levels_in_force(on: dt.date) -> Mapping[int, ServiceLevel]:
    """Return the levels that count on a day, by number of procedure."""
    before = levels_on(on)
    return {**before, **levels_on(on, system=2022)} if on >= NEW_SYSTEM_FROM else before


def levels_on(on: dt.date, *, system: int = 2011) -> Mapping[int, ServiceLevel]:
    """Return the levels decided for a day by number of procedure; of NĐ 43/2011, or with ``system=2022`` of NĐ 42/2022."""
    return _levels_on(reference_stamp(), on, system)


@lru_cache(maxsize=8)
def _levels_on(_stamp: dt.datetime, on: dt.date, system: int) -> Mapping[int, ServiceLevel]:
    rows = ServiceLevel.objects.filter(system=system, valid_from__lte=on).exclude(valid_to__lt=on)
    return {level.procedure_id: level for level in rows}


def can_file_online(version: ProcedureVersion, on: dt.date) -> bool:
    """Say whether a version is filed on line on a day: it may be, and the level of the day says so (3 or 4)."""
    level = level_in_force(version.procedure, on)
    return version.can_file_online and level is not None and level.level >= ONLINE_FROM


# The public page of a procedure


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """The five short answers at the top: each is (headline, sentence)."""

    who: tuple[str, str]
    papers: tuple[str, str]
    time: tuple[str, str]
    money: tuple[str, str]
    where: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TermLine:
    """Limit and fee of one case by one channel, in words."""

    case: str
    when_text: str
    channel: str
    limit: str
    fee: str
    is_limit_illustrative: bool
    is_fee_illustrative: bool
    is_unverified: bool


@dataclass(frozen=True, slots=True)
class ServicePage:
    """All that the public page of a procedure shows on a day."""

    code: str
    title: str
    legal_name: str
    field: str
    version: int
    effective_from: dt.date
    published_at: dt.datetime | None
    responsible: str
    level: int | None
    level_is_illustrative: bool
    can_file_online: bool
    can_file_by_post: bool
    is_reference: bool
    has_default_form: bool
    code_note: str
    code_is_unverified: bool
    box: AnswerBox
    hand_in: tuple[RequiredPaper, ...]
    show: tuple[RequiredPaper, ...]
    state_has: tuple[RequiredPaper, ...]
    terms: tuple[TermLine, ...]
    steps: tuple[tuple[str, str], ...]
    how: tuple[str, ...]
    mistakes: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]
    result: str
    result_validity: str
    legal_now: tuple[LegalBasis, ...]
    legal_later: tuple[LegalBasis, ...]
    form_name: str
    form_annex: str
    form_is_unverified: bool


CHANNEL_WORDS = {"online": "Qua mạng", "counter": "Tại quầy", "post": "Qua bưu điện"}


def limit_text(value: Any, unit: str) -> str:
    """Return a time limit in words: 3 ngày làm việc."""
    amount = f"{value.normalize():f}".replace(".", ",") if value else ""
    return {
        "h": _("%(n)s giờ làm việc"),
        "wd": _("%(n)s ngày làm việc"),
        "d": _("%(n)s ngày"),
        "m": _("%(n)s tháng"),
        "sameday": _("Ngay trong ngày"),
        "handover": _("Chuyển ngay trong ngày"),
        "none": _("Không hẹn ngày"),
    }[unit] % {"n": amount}


def service_page(code: str, on: dt.date) -> ServicePage:
    """Return the public page of a procedure as of a day. Raises ``ProcedureNotFound``."""
    found = current(code, on)
    procedure, texts = found.procedure, found.texts
    level = level_in_force(procedure, on)
    cases = list(found.cases.all())
    kinds: Mapping[str, list[RequiredPaper]] = {"hand_in": [], "show": [], "state_has": []}
    for paper in found.papers.all():
        kinds[paper.kind].append(paper)
    laws = list(found.legal_bases.all())
    terms = tuple(
        _term_line(case, line, is_default=procedure.has_default_form)
        for case in cases
        for line in sorted(case.terms.all(), key=lambda t: t.id)
    )
    return ServicePage(
        code=procedure.code,
        title=procedure.everyday_name,
        legal_name=procedure.legal_name,
        field=procedure.field.name,
        version=found.number,
        effective_from=found.effective_from,
        published_at=found.published_at,
        responsible=procedure.responsible,
        level=level.level if level else None,
        level_is_illustrative=bool(level and level.is_illustrative),
        can_file_online=can_file_online(found, on),
        is_reference=not found.levels,
        has_default_form=found.procedure.has_default_form,
        can_file_by_post=any(line.channel == "post" for case in cases for line in case.terms.all()),
        code_note=procedure.code_note,
        code_is_unverified=procedure.code_is_unverified,
        box=AnswerBox(**{key: (said["short"], said["more"]) for key, said in texts["box"].items()}),
        hand_in=tuple(kinds["hand_in"]),
        show=tuple(kinds["show"]),
        state_has=tuple(kinds["state_has"]),
        terms=terms,
        steps=_steps_of(_ordinary(cases)),
        how=tuple(texts["how"]),
        mistakes=tuple(texts["mistakes"]),
        questions=tuple((said["question"], said["answer"]) for said in texts["questions"]),
        refusals=tuple(d.text for d in found.defects.all() if d.kind in ("refuse", "redirect")),
        result=found.result.name,
        result_validity=found.result.validity_text,
        legal_now=tuple(law for law in laws if law.effective_from is None or law.effective_from <= on),
        legal_later=tuple(law for law in laws if law.effective_from is not None and law.effective_from > on),
        form_name=found.form.statutory_name,
        form_annex=found.form.annex,
        form_is_unverified=found.form.is_unverified,
    )


def _ordinary(cases: list[Case]) -> Case:
    """Return the case that holds without a condition, which most people are in."""
    return next((case for case in cases if case.when is None and not case.is_chosen_by_officer), cases[0])


def _steps_of(case: Case) -> tuple[tuple[str, str], ...]:
    """Return the steps with their hours in words; without, where the limit is unknown and the hours are only a guess."""
    has_limit = any(term.limit_unit != "none" for term in case.terms.all())
    return tuple(
        (step.public_name, hours_text(step.hours) if has_limit or not step.is_illustrative else "")
        for step in case.steps.all()
    )


def hours_text(hours: Any) -> str:
    """Return working hours in words: 4 giờ, 5 ngày, 1,5 giờ; a working day has 8 hours."""
    unit, value = (_("%(n)s ngày"), hours / 8) if hours >= 8 and hours % 4 == 0 else (_("%(n)s giờ"), hours)
    return unit % {"n": f"{value.normalize():f}".replace(".", ",")}


def fee_text(line: ChannelTerm) -> str:
    """Return a fee in words: as the sheet says it, else the amount; never "free" where nobody knows."""
    if line.fee_text or line.fee_vnd:
        return line.fee_text or money(line.fee_vnd or 0)
    return _("Nơi nhận báo số tiền") if line.fee_vnd is None else _("Miễn phí")


def _term_line(case: Case, line: ChannelTerm, *, is_default: bool) -> TermLine:
    return TermLine(
        case=case.name,
        when_text=case.when_text,
        channel=CHANNEL_WORDS[line.channel],
        limit=limit_text(line.limit_value, line.limit_unit),
        fee=fee_text(line),
        # A finished sheet marks a local fee so, a default one the limit that its list names.
        is_limit_illustrative=line.is_illustrative and is_default,
        is_fee_illustrative=line.is_illustrative and not is_default,
        is_unverified=line.is_unverified,
    )
