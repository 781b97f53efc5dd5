"""Read a file or standard input as one JSON object a line, and print one answer a line."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import click

UNREADABLE = "Dòng này không phải là JSON."


class LineUnreadable(ValueError):
    """A line holds no JSON object; the sentence says so."""


def lines(
    source: Iterable[bytes] | None = None,
) -> Iterator[tuple[int, Mapping[str, object] | LineUnreadable]]:
    """Yield the number of each line that is not blank, and its object or what is wrong with it.

    ``source``: an open file of bytes; None is standard input.
    """
    for place, line in enumerate(sys.stdin.buffer if source is None else source, 1):
        if not line.strip():
            continue
        try:
            yield place, _object(line)
        except LineUnreadable as problem:
            yield place, problem


def known(line: object, *names: str) -> dict[str, object]:
    """Return what a line calls itself, to be given back with its answer."""
    given = line if isinstance(line, Mapping) else {}
    return {name: given[name] for name in names if isinstance(given.get(name), str | int)}


def say(as_json: bool, document: Mapping[str, object], sentence: str) -> None:
    """Print a document, or its sentence for a person."""
    click.echo(json.dumps(document, ensure_ascii=False, default=_plain) if as_json else sentence)


def refuse(as_json: bool, place: int, known: Mapping[str, object], problem: ValueError) -> None:
    """Print what is wrong with a line, and which line it is."""
    say(as_json, {**known, "line": place, "error": str(problem)}, f"✗ Dòng {place}: {problem}")


def comma(value: object) -> str:
    """Write a number as people here read it."""
    return str(value).replace(".", ",")


def _object(line: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError, InvalidOperation):
        raise LineUnreadable(UNREADABLE) from None
    if not isinstance(found, dict):
        raise LineUnreadable("Mỗi dòng phải là một đối tượng JSON.")
    return found


def _no_number(word: str) -> object:
    raise ValueError(word)


def _plain(value: object) -> object:
    if isinstance(value, Decimal | Fraction):
        return int(value) if value == int(value) else float(value)
    return str(value)
