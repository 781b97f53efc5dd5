"""`tinhso due`: say when cases are due, and why. Reads one JSON document a line; needs no database."""

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

import click

from tinhso.config.json_lines import LineUnreadable, lines
from tinhso.dossiers.rules import Due, Limit, Pause, due
from tinhso.toolkit.working_time import WorkingCalendar, calendar_from_rows, in_vietnam


class CaseUnreadable(ValueError):
    """A line does not hold a case; the sentence says what is missing."""


@cache
def published_calendar() -> WorkingCalendar:
    """Return the working calendar that ships with the product."""
    table = files("tinhso.directory").joinpath("data/working_days.csv").read_text(encoding="utf-8")
    return calendar_from_rows(csv.DictReader(table.splitlines()))


def answer(case: Mapping[str, object]) -> Due:
    """Return the due moment of one case: `received`, `limit` {value, unit}, `pauses` [[from, to]].

    Raises ValueError with a sentence for a person.
    """
    limit = case.get("limit")
    if not isinstance(limit, Mapping) or "unit" not in limit:
        raise CaseUnreadable("Thiếu thời hạn: cần “limit” có “value” và “unit”.")
    unit = limit["unit"]
    value = Decimal(0) if unit in ("sameday", "handover", "none") else _value(limit.get("value"))
    pauses = case.get("pauses") or []
    if not isinstance(pauses, list):
        raise CaseUnreadable("“pauses” phải là danh sách các cặp [từ, đến].")
    received = _moment(case.get("received"), "lúc tiếp nhận")
    return due(received, Limit(value, unit), published_calendar(), [_pause(pause) for pause in pauses])


def _value(raw: object) -> Decimal:
    try:
        if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal):
            raise CaseUnreadable("Thiếu số của thời hạn.")
        return Decimal(raw)
    except InvalidOperation:
        raise CaseUnreadable(f"Thời hạn “{raw}” không phải là số.") from None


def _moment(raw: object, what: str) -> datetime:
    try:
        return in_vietnam(datetime.fromisoformat(raw if isinstance(raw, str) else ""))
    except (ValueError, OverflowError):
        raise CaseUnreadable(f"Không đọc được {what}. Viết như 2022-05-10T07:30+07:00.") from None


def _pause(raw: object) -> Pause:
    if not isinstance(raw, list) or len(raw) != 2:
        raise CaseUnreadable("Mỗi lần tạm dừng là một cặp [từ, đến].")
    until = None if raw[1] is None else _moment(raw[1], "lúc hết tạm dừng")
    return _moment(raw[0], "lúc bắt đầu tạm dừng"), until


@click.command("due", help="Tính ngày hẹn trả cho từng dòng JSON ở đầu vào, kèm lý do.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi dòng vào cho một dòng JSON.")
def command(as_json: bool) -> None:
    """Answer every line of standard input; exit 1 when one of them could not be answered."""
    failed = False
    for _place, case in lines():
        identity: object = None
        try:
            if isinstance(case, LineUnreadable):
                raise case
            identity = case.get("id")
            found = answer(case)
        except ValueError as problem:
            failed = True
            _print(as_json, {"id": identity, "error": str(problem)})
        else:
            at = found.at.isoformat(timespec="seconds") if found.at else None
            reasons = [reason.text for reason in found.reasons]
            _print(as_json, {"id": identity, "due": at, "rule": found.rule, "reasons": reasons})
    if failed:
        raise SystemExit(1)


def _print(as_json: bool, document: Mapping[str, object]) -> None:
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    click.echo(f"{document['id']}: {document.get('error') or document['due'] or 'không có ngày hẹn'}")
    reasons = document.get("reasons")
    for reason in reasons if isinstance(reasons, list) else ():
        click.echo(f"  {reason}")


if __name__ == "__main__":
    command()
