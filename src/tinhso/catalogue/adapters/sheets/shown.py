"""A kept sheet for a person's eyes: what was read beside the raw text wherever a flag is, and two contents compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from tinhso.catalogue.adapters.sheets.kept import READ_LABELS, from_json
from tinhso.catalogue.adapters.sheets.portal import LABELS
from tinhso.catalogue.adapters.sheets.records import WHERE
from tinhso.catalogue.adapters.sheets.shape import Flag, ReadSheet, TermRead
from tinhso.catalogue.queries.catalogue import CHANNEL_WORDS, limit_text
from tinhso.catalogue.queries.compare import AUDIENCE_WORDS, LEVEL_WORDS
from tinhso.toolkit.text import visible
from tinhso.toolkit.words import money

#: No page shows more of one raw text.
MOST: Final = 6_000
Raw = Mapping[str, Any]
_OTHER_LEVEL: Final = "Cơ quan khác"


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a sheet that has flags: each reason once, with all texts that it was said of.

    ``raw``: its text as published, cut after ``MOST`` letters (``is_cut``).
    """

    title: str
    flags: tuple[tuple[str, tuple[str, ...]], ...]
    read: tuple[str, ...]
    raw: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Differs:
    """A field that differs between the first content of a code and this one; blank: nothing stands there."""

    label: str
    first: str
    here: str


def shown(raw: Raw, read: Mapping[str, Any], flags: list[dict[str, str]], shape: str) -> list[Shown]:
    """Return the parts that have flags, in the order of a sheet."""
    sheet = from_json(read, flags)
    found = []
    for title, keys, parts, words in _PARTS:
        here = tuple(flag for flag in sheet.flags if flag.part in parts)
        if here:
            text = _text(raw.get(keys[shape == "portal"]))
            found.append(_shown(title, here, words(sheet), text))
    mended = [flag for flag in sheet.flags if flag.part == "text"]
    if mended:
        named = dict.fromkeys(name for flag in mended for name in flag.text.split(", "))
        keys_by_label = {LABELS.get(key, key): key for key in raw}
        texts = (f"{name}: {_text(raw.get(keys_by_label.get(name, name)))}" for name in named)
        found.append(_shown(_("Chữ viết"), tuple(mended), (), "\n".join(texts)))
    return found


def _shown(title: str, flags: tuple[Flag, ...], read: Iterable[str], raw: str) -> Shown:
    whys: dict[str, list[str]] = {}
    for flag in flags:
        whys.setdefault(flag.why, []).extend([flag.text] if flag.text else [])
    said = tuple((why, tuple(texts)) for why, texts in whys.items())
    return Shown(title, said, tuple(read), raw[:MOST], len(raw) > MOST)


def whole_raw(raw: Raw) -> str:
    """Return all of a raw record as lines, or the excerpt that was kept of it; cut after ``MOST`` letters."""
    lines = (
        _text(v) if key == "excerpt" else f"{LABELS.get(key, key)}: {_text(v)}" for key, v in raw.items()
    )
    return "\n".join(lines)[:MOST]


def differing(
    labels: Sequence[str], first: tuple[str, Raw, Mapping[str, Any]], here: tuple[str, Raw, Mapping[str, Any]]
) -> list[Differs]:
    """Return the named fields of two contents side by side; each is (shape, raw, read).

    Sheets of one shape are compared by their raw text, of two shapes by what was read from them.
    """
    if first[0] == here[0]:
        keys = {LABELS.get(key, key)[:120]: key for key in (*first[1], *here[1]) if key not in WHERE}
        said = [{label: _text(side[1].get(key)) for label, key in keys.items()} for side in (first, here)]
    else:
        said = [_read_lines(side[2]) for side in (first, here)]
    return [Differs(label, *(side.get(label, "")[:MOST] for side in said)) for label in labels]


def _read_lines(read: Mapping[str, Any]) -> dict[str, str]:
    sheet = from_json(read, [])
    words = {keys[0]: say for _title, keys, _parts, say in _PARTS}
    return {
        label: "\n".join(words[label](sheet)) if label in words else _text(read.get(key))
        for key, label in READ_LABELS.items()
    }


def _text(value: Any) -> str:
    """Return a raw value as lines: a table as its rows, cells parted by a bar."""
    if value is None:
        return ""
    if isinstance(value, str):
        return visible(value).strip()
    if isinstance(value, Mapping):
        rows = value.get("rows")
        if isinstance(rows, list):
            return "\n".join(
                " | ".join(map(_cell, row)) if isinstance(row, list) else _cell(row) for row in rows
            )
        return ", ".join(filter(None, map(_cell, value.values())))
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value)))
    return str(value)


def _cell(value: Any) -> str:
    return " ".join(_text(value).split())


# What was read, in words


def _term(term: TermRead) -> str:
    channel = CHANNEL_WORDS.get(term.channel, term.channel)
    if term.unit and (term.value is not None or term.unit in ("sameday", "none")):
        return f"{channel}: {limit_text(term.value, term.unit)}"
    return _("%(channel)s: chưa rõ thời hạn") % {"channel": channel}


def _fees(term: TermRead) -> list[str]:
    return [
        f"{CHANNEL_WORDS.get(term.channel, term.channel)}: "
        + (money(fee.vnd) if fee.vnd is not None else _("chưa rõ số tiền"))
        + (f" ({fee.text[:200]})" if fee.text else "")
        for fee in term.fees
    ]


def _terms(sheet: ReadSheet) -> list[str]:
    return [line for term in sheet.terms for line in (_term(term), *_fees(term))]


def _papers(sheet: ReadSheet) -> list[str]:
    lines = []
    for case in sheet.cases:
        if case.name:
            lines.append(_("Trường hợp: %(name)s") % {"name": case.name})
        lines += [
            _("%(name)s: %(originals)s bản chính, %(copies)s bản sao")
            % {"name": paper.name, "originals": paper.originals, "copies": paper.copies}
            for paper in case.papers
        ]
    return lines


def _legal(sheet: ReadSheet) -> list[str]:
    return [
        ", ".join(filter(None, (law.number or _("chưa rõ số hiệu"), law.name, _day(law.issued_on))))
        for law in sheet.legal
    ]


def _day(iso: str) -> str:
    year, _dash, rest = iso.partition("-")
    return "/".join((*reversed(rest.split("-")), year)) if rest else iso


def _levels(sheet: ReadSheet) -> list[str]:
    return [LEVEL_WORDS.get(level, _OTHER_LEVEL) for level in sheet.levels]


def _audience(sheet: ReadSheet) -> list[str]:
    return [AUDIENCE_WORDS.get(one, one) for one in sheet.audience]


#: A part of the page: title, its raw key in the Word shape and the portal's, kinds of flags, and how to say what was read.
_PARTS: Final[
    tuple[tuple[str, tuple[str, str], tuple[str, ...], Callable[[ReadSheet], Iterable[str]]], ...]
] = (
    ("Tên thủ tục", ("Tên thủ tục", "ten_thu_tuc"), ("name", "formula"), lambda s: [s.name]),
    ("Cấp thực hiện", ("Cấp thực hiện", "cap_thuc_hien"), ("levels",), _levels),
    ("Đối tượng thực hiện", ("Đối tượng thực hiện", "doi_tuong_thuc_hien"), ("audience",), _audience),
    (
        "Cách nộp, thời hạn, phí",
        ("Cách thức thực hiện", "cach_thuc_thuc_hien"),
        ("channels", "terms", "fees"),
        _terms,
    ),
    ("Thành phần hồ sơ", ("Thành phần hồ sơ", "thanh_phan_ho_so"), ("papers", "cases"), _papers),
    ("Kết quả", ("Kết quả thực hiện", "ket_qua_xu_ly"), ("results",), lambda s: s.results),
    ("Căn cứ pháp lý", ("Căn cứ pháp lý", "can_cu_phap_ly"), ("legal",), _legal),
)
