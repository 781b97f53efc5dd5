"""What stands in the way when a running dossier is to follow a later version of its procedure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tinhso.catalogue.models import Case, ProcedureVersion, ProcessStep
from tinhso.catalogue.queries.checking import Found, check_answers
from tinhso.catalogue.rules import Answers, is_blank

#: Keys of answers that are notes of the software, not questions of a form.
_NOTE = "x-"


def obstacles(
    before: ProcedureVersion,
    after: ProcedureVersion,
    *,
    case_key: str,
    answers: Answers,
    papers: Iterable[str],
    today: dt.date,
) -> list[str]:
    """Return, a sentence each, what would be lost or missing under the later version; empty where nothing is.

    Both versions come from ``version_of``. A case, a question with an answer, or a paper that was given must be
    there still, and the later form must find nothing wrong with the answers that the earlier one did not.
    """
    found = []
    if _case(after, case_key) is None:
        found.append(
            _("Bản mới không còn trường hợp “%(name)s”.") % {"name": _name_of_case(before, case_key)}
        )
    old, new = _questions(before), _questions(after)
    lost = [
        spec.get("title", key)
        for key, spec in old.items()
        if key not in new and not is_blank(answers.get(key)) and not key.startswith(_NOTE)
    ]
    found += [_("Có câu trả lời mà bản mới không hỏi: %(title)s.") % {"title": title} for title in lost]
    if old != new:
        known = {problem.path for problem in _problems(before, answers, today)}
        asks = _("Bản mới hỏi thêm hoặc hỏi khác: %(title)s.")
        found += dict.fromkeys(
            asks % {"title": new[key].get("title", key)}
            for key in (
                p.path.partition(".")[0] for p in _problems(after, answers, today) if p.path not in known
            )
            if key in new
        )
    kept = {paper.key for paper in after.papers.all()}
    names = {paper.key: paper.name for paper in before.papers.all()}
    found += [
        _("Đã nhận giấy mà bản mới không yêu cầu: %(name)s.") % {"name": names.get(key, key)}
        for key in sorted(set(papers) - kept)
    ]
    return found


def renamed(
    before: ProcedureVersion, after: ProcedureVersion, *, case_key: str, papers: Iterable[str]
) -> list[str]:
    """Return, a sentence each, what the later version calls otherwise: the case, papers that were given."""
    pairs = [(_name_of_case(before, case_key), _name_of_case(after, case_key))]
    names, new = ({paper.key: paper.name for paper in one.papers.all()} for one in (before, after))
    pairs += [(names[key], new[key]) for key in sorted(set(papers)) if key in names and key in new]
    said = _("“%(old)s” nay ghi là “%(new)s”.")
    return [said % {"old": old, "new": new} for old, new in pairs if old != new]


def same_step(
    before: ProcedureVersion, after: ProcedureVersion, *, case_key: str, order: int
) -> ProcessStep | None:
    """Return the step of the later version with the key and the desk of a step of the earlier one, or None."""
    earlier, later = _case(before, case_key), _case(after, case_key)
    if earlier is None or later is None:
        return None
    here = next(((step.key, step.desk) for step in earlier.steps.all() if step.order == order), None)
    return next((step for step in later.steps.all() if (step.key, step.desk) == here), None)


def _case(version: ProcedureVersion, key: str) -> Case | None:
    return next((case for case in version.cases.all() if case.key == key), None)


def _name_of_case(version: ProcedureVersion, key: str) -> str:
    case = _case(version, key)
    return case.name if case else key


def _problems(version: ProcedureVersion, answers: Answers, today: dt.date) -> list[Found]:
    form = getattr(version, "form", None)
    found = check_answers(form, answers, today) if form else []
    return [one for one in found if not one.is_warning]


def _questions(version: ProcedureVersion) -> dict[str, dict[str, str]]:
    form = getattr(version, "form", None)
    return dict(form.schema["properties"]) if form else {}
