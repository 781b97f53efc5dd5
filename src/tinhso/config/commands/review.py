"""``tinhso review``: every figure of a review with its source, reckoned now; as JSON, in words, or as Word."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from tinhso.config.runtime import database

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(dir_okay=False, path_type=Path)
#: So many late tasks are named in the summary.
_NAMED = 5


@click.command("review", help="Sơ kết một kỳ: mọi con số cùng nguồn, tính lại lúc này.")
@click.option("--from", "first", required=True, type=_DAY)
@click.option("--to", "last", required=True, type=_DAY)
@click.option("--json", "as_json", is_flag=True)
@click.option("--docx", "docx_file", type=_FILE, help="Ghi báo cáo Word theo thể thức văn bản.")
def command(first: dt.datetime, last: dt.datetime, docx_file: Path | None, *, as_json: bool) -> None:
    """Print what a review of the period says; nothing is kept."""
    if last < first:
        raise click.ClickException("Ngày cuối đứng trước ngày đầu. Đổi lại --from và --to.")
    with database():
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        now = clock.now()
        if last.date() > now.date():
            raise click.ClickException("Ngày cuối chưa tới. Chọn hôm nay hoặc một ngày đã qua.")
        said = _document(first.date(), last.date(), now)
        if docx_file is not None:
            docx_file.write_bytes(_word(first.date(), last.date(), now))
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else _summary(said))


def _document(first: dt.date, last: dt.date, now: dt.datetime) -> dict[str, Any]:
    from tinhso.plans.queries import review_figures, review_words  # noqa: PLC0415 - models load only once the database is there
    from tinhso.plans.queries.review_kinds import Span, kind_of  # noqa: PLC0415 - the same
    from tinhso.plans.queries.reviews import figures_hash  # noqa: PLC0415 - the same
    from tinhso.plans.rules.reviews import headline, usual_title  # noqa: PLC0415 - the same

    span = Span(first, last, now)
    figures = review_figures.figures_of(first, last, now)
    lines = review_words.drafted_lines(first, last, now, figures)
    places = {one.key: place for place, one in enumerate(figures, 1)}
    return {
        "title": usual_title(first, last),
        "headline": headline(first, last, {one.key: one for one in figures}),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "judged_on": span.on.isoformat(),
        "reckoned_at": now.isoformat(),
        "figures_sha256": figures_hash(figures),
        "figures": [_figure(places[one.key], one, kind_of(one.key).of) for one in figures],
        "plans": [_window(one, span) for one in review_figures.windows_of(span)],
        "tasks": _tasks(span),
        "late": [
            {
                "office": one.office,
                "task": one.title,
                "due": one.due.isoformat(),
                "working_days_late": one.days,
                "blocker": one.blocker,
                "reminded": one.reminded,
            }
            for one in review_words.late_of(span)
        ],
        "targets": [_target(row) for row in review_figures.targets_of(span)],
        "lines": {
            section: [
                {
                    "text": line.text,
                    "cause": line.cause,
                    "figures": [places[key] for key in line.figures if key in places],
                    "due": line.due.isoformat() if line.due else None,
                }
                for line in lines
                if line.section == section
            ]
            for section in ("limits", "next", "recommendations", "praise")
        },
    }


def _figure(place: int, one: Any, of: str) -> dict[str, Any]:
    return {
        "number": place,
        "key": one.key,
        "group": one.group,
        "label": one.label,
        "numerator": _plain(one.numerator),
        "denominator": _plain(one.denominator),
        "of": of,
        "value": _plain(one.value),
        "unit": one.unit,
        "note": one.note,
        "formula": one.formula,
        "source": one.source,
        "url": one.url,
        "counted_at": one.counted_at.isoformat(),
    }


def _plain(value: Decimal | None) -> int | float | None:
    """Return a number as JSON has it: whole where it is whole; None where the source gives none."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _window(one: Any, span: Any) -> dict[str, Any]:
    window = one.window
    return {
        "window": window.name,
        "first_year": window.first_year,
        "last_year": window.last_year,
        "opens_on": window.opens_on.isoformat(),
        "deadline": window.deadline.isoformat(),
        "is_over": span.seen > one.closes_at,
        "required": len(one.rows),
        "registered": one.done,
        "counts": {status.value: n for status, n in one.counts.items()},
        "offices": {
            status.value: [row.office.short_name for row in one.rows if row.status is status]
            for status in one.counts
        },
        "signed_by_head": one.by_head,
        "signed_by_deputy": one.by_deputy,
    }


def _tasks(span: Any) -> dict[str, Any]:
    """Return the counts of tasks with their identities, each as a truth."""
    from tinhso.plans.queries.review_figures import tasks_of  # noqa: PLC0415 - models load only once the database is there
    from tinhso.plans.queries.task_counts import counts  # noqa: PLC0415 - the same

    found = counts(tasks_of(span), span.on)
    names = (
        *("total", "done", "not_done", "on_time", "late", "done_no_due"),
        *("in_time", "due_soon", "overdue", "no_due"),
    )
    return {
        **{name: getattr(found, name) for name in names},
        "by_state": dict(found.by_state),
        "identities": {
            "total = done + not_done": found.total == found.done + found.not_done,
            "done = on_time + late + done_no_due": found.done
            == found.on_time + found.late + found.done_no_due,
            "not_done = in_time + overdue + no_due": found.not_done
            == found.in_time + found.overdue + found.no_due,
        },
    }


def _target(row: Any) -> dict[str, Any]:
    target, actual = row.target, row.actual
    return {
        "code": target.code,
        "name": target.name,
        "group": target.group,
        "office": target.office.short_name if target.office else None,
        "unit": target.unit,
        "direction": target.direction,
        "numerator": _plain(actual.numerator) if actual else None,
        "denominator": _plain(actual.denominator) if actual else None,
        "value": _plain(row.value),
        "on": actual.on.isoformat() if actual else None,
        "needed": _plain(row.needed.value) if row.needed else None,
        "goal": _plain(row.goal.value) if row.goal else None,
        "goal_on": row.goal.on.isoformat() if row.goal else None,
        "forecast": _plain(row.forecast),
        "light": row.light.value,
        "source": row.source,
        "rule": target.rule,
        "verified": target.is_verified,
    }


def _word(first: dt.date, last: dt.date, now: dt.datetime) -> bytes:
    from tinhso.plans.adapters.review_word import review_document  # noqa: PLC0415 - models load only once the database is there
    from tinhso.plans.queries.reviews import heading_on, preview  # noqa: PLC0415 - the same

    return review_document(preview(first, last, now), heading_on(now.date()))


def _summary(said: dict[str, Any]) -> str:
    from tinhso.plans.queries.review_kinds import group_labels, kind_of  # noqa: PLC0415 - models load only once the database is there
    from tinhso.plans.rules.reviews import figure_text, plain_text  # noqa: PLC0415 - the same

    def told(one: dict[str, Any]) -> str:
        value = None if one["value"] is None else Decimal(str(one["value"]))
        share = figure_text(value, one["unit"], kind_of(one["key"]).places)
        if value is None or one["denominator"] is None:
            return f"  [{one['number']}] {one['label']}: {share}"
        part, whole = (plain_text(_number(one[name])) for name in ("numerator", "denominator"))
        return f"  [{one['number']}] {one['label']}: {share} ({part} trên {whole} {one['of']})".replace(
            " )", ")"
        )

    rows = [said["headline"], ""]
    for key, label in group_labels().items():
        own = [told(one) for one in said["figures"] if one["group"] == key]
        rows += [label, *own, ""] if own else []
    rows += _late_words(said["late"])
    return "\n".join(rows).rstrip()


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _late_words(late: list[dict[str, Any]]) -> Iterable[str]:
    if not late:
        yield "Không có nhiệm vụ nào quá hạn."
        return
    yield f"{len(late)} nhiệm vụ quá hạn:"
    for one in late[:_NAMED]:
        why = f", {one['blocker']}" if one["blocker"] else ""
        yield f"  {one['office']}: {one['task']}, trễ {one['working_days_late']} ngày làm việc{why}"
    if len(late) > _NAMED:
        yield f"  và {len(late) - _NAMED} nhiệm vụ khác (xem --json)"
