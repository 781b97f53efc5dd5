"""The formulas behind the figures: every version, its rules in words, its source and how sure that is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.rules.formulas import Formula, Rule
from tinhso.measures.views.asked import asked
from tinhso.measures.views.stats_frame import OUTCOME_WORDS, page
from tinhso.toolkit.public_page import public_page


def facet_words() -> dict[str, dict[str, str]]:
    """Return what each fact of a case means, in words."""
    return {
        "how": {
            "running": _("đang giải quyết"),
            "issued": _("đã có kết quả"),
            "rejected": _("bị từ chối giải quyết"),
            "withdrawn": _("người dân rút"),
        },
        "original": {
            "none": _("không có hẹn đầu"),
            "earlier_day": _("xong trước ngày hẹn đầu"),
            "in_time": _("chưa quá hẹn đầu"),
            "late": _("quá hẹn đầu"),
        },
        "due": {
            "none": _("không có hẹn"),
            "earlier_day": _("xong trước ngày hẹn mới nhất"),
            "in_time": _("chưa quá hẹn mới nhất"),
            "late": _("quá hẹn mới nhất"),
        },
        "asked": {
            "never": _("chưa lần nào yêu cầu bổ sung"),
            "once": _("yêu cầu bổ sung một lần"),
            "more": _("yêu cầu bổ sung từ hai lần"),
        },
        "waits": {
            "no": _("không chờ người dân"),
            "asked_in_time": _("đang chờ người dân, hỏi trước hẹn"),
            "asked_late": _("đang chờ người dân, hỏi sau hẹn"),
        },
        "extended": {"no": _("không hẹn lại"), "yes": _("có hẹn lại")},
    }


def _rule(rule: Rule) -> tuple[str, str]:
    """Return when a rule fits, and what then."""
    known = facet_words()
    parts = [
        _(" hoặc ").join(known[name][value] for value in sorted(values)) for name, values in rule.when.items()
    ]
    return _(", và ").join(parts) or _("mọi hồ sơ còn lại"), OUTCOME_WORDS.get(rule.then, rule.then)


def _shown(one: Formula) -> dict[str, Any]:
    outcomes = dict.fromkeys(rule.then for rule in one.rules)
    return {
        "formula": one,
        "rules": [_rule(rule) for rule in one.rules],
        "numerator": ", ".join(OUTCOME_WORDS.get(name, name) for name in outcomes if name in one.numerator),
        "denominator": ", ".join(
            OUTCOME_WORDS.get(name, name) for name in outcomes if name in one.denominator
        ),
        "excluded": ", ".join(
            OUTCOME_WORDS.get(name, name) for name in outcomes if name not in one.denominator
        ),
    }


@require_safe
@public_page
def formulas_page(request: HttpRequest) -> HttpResponse:
    """Show all formulas, all versions."""
    want = asked(request)
    every = every_formula().every
    context = {
        "finding": _("%(n)d cách tính hồ sơ đúng hạn") % {"n": len(every)},
        "every": [_shown(one) for one in every],
    }
    return page(request, "measures/formulas.html", want, context, [], span=(want.first, want.last))
