"""``tinhso import-workflows``: read internal process sheets into steps with role and hours."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from tinhso.catalogue.adapters.process_sheets.shape import Step, WorkflowSheet
from tinhso.catalogue.adapters.workflows import WorkflowReport, read_workflows


@click.command("import-workflows", help="Đọc các quy trình nội bộ (tệp chữ) thành bước, vai, giờ.")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(directory: Path, *, as_json: bool) -> None:
    """Print what became of every file of a directory; nothing is kept and no database is needed."""
    report = read_workflows(directory)
    if as_json:
        click.echo(json.dumps(_document(report), ensure_ascii=False, default=_plain))
        return
    click.echo(
        f"Đọc {report.read} tệp: {len(report.imported)} lấy được, {len(report.repeats)} trùng, "
        f"{len(report.listed)} không lấy được."
    )
    for sheet in report.imported:
        steps = sum(len(process.steps) for process in sheet.processes)
        fits = ", ".join(column.fit for process in sheet.processes for column in process.columns)
        click.echo(
            f"✓ {sheet.file}: {sheet.name[:70]} ({steps} bước; {fits}; {len(sheet.flags)} chỗ cần xem)"
        )
    for repeat in report.repeats:
        click.echo(f"= {repeat.file}: trùng {repeat.same_as}")
    for listed in report.listed:
        click.echo(f"✗ {listed.file}: {listed.reason}")


def _document(report: WorkflowReport) -> dict[str, Any]:
    steps = [step for sheet in report.imported for process in sheet.processes for step in process.steps]
    fits: dict[str, int] = {}
    for sheet in report.imported:
        for process in sheet.processes:
            for column in process.columns:
                fits[column.fit] = fits.get(column.fit, 0) + 1
    return {
        "read": report.read,
        "imported": len(report.imported),
        "repeats": len(report.repeats),
        "listed": len(report.listed),
        "sum_holds": report.read == len(report.imported) + len(report.repeats) + len(report.listed),
        "steps": len(steps),
        "steps_with_role": sum(bool(step.role) for step in steps),
        "steps_with_hours": sum(step.hours is not None for step in steps),
        "fits": dict(sorted(fits.items())),
        "flags": sum(len(sheet.flags) for sheet in report.imported),
        "sheets": [_sheet(sheet) for sheet in report.imported],
        "repeated": [dataclasses.asdict(repeat) for repeat in report.repeats],
        "not_imported": [dataclasses.asdict(listed) for listed in report.listed],
    }


def _sheet(sheet: WorkflowSheet) -> dict[str, Any]:
    told = dataclasses.asdict(sheet)
    for process, kept in zip(told["processes"], sheet.processes, strict=True):
        process["steps"] = [_step(step) for step in kept.steps]
    return told


def _step(step: Step) -> dict[str, Any]:
    told = dataclasses.asdict(step)
    return {"order": told.pop("order"), "part": told.pop("part"), "hours": step.hours, **told}


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    raise TypeError(type(value).__name__)
