"""Read a file of published sheets line by line, naming every damage; never the whole file at once."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, cast

from tinhso.catalogue.adapters.sheets import portal, word
from tinhso.catalogue.adapters.sheets.plain import is_formula, line, short, spelled
from tinhso.catalogue.adapters.sheets.shape import Flag, ReadSheet

LONGEST_LINE: Final = 16 * 1024 * 1024
LONGEST_TEXT: Final = 500_000
_EXCERPT: Final = 1_000
_CHUNK: Final = 256 * 1024
_DEEPEST: Final = 12
#: Where a sheet was found, not what it says.
WHERE: Final = frozenset({"_file", "_bo", "_url", "detail_url", "formality_id"})
_CODE: Final = re.compile(rf'"(?:{word.CODE}|{portal.CODE})"\s*:\s*"([^"\\]{{1,40}})"')
_GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"


class Damaged(Exception):
    """Say in a Vietnamese sentence why a line cannot be taken."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its sheet, or ``reason`` why it cannot be taken.

    ``content_hash``: SHA-256 of what it says, without where it was found. ``raw`` holds an excerpt where it was
    not taken. ``notes`` is what was mended or looks odd in the text itself; ``size`` is in bytes.
    """

    line: int
    shape: str
    code: str
    name: str
    content_hash: str
    raw: dict[str, Any]
    reason: str = ""
    notes: tuple[Flag, ...] = ()
    size: int = 0


@dataclass(slots=True)
class _Notes:
    composed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def flags(self) -> list[Flag]:
        said = (
            (self.composed, "Chữ viết tách dấu, đã ghép lại."),
            (self.unseen, "Có ký tự không nhìn thấy, đã bỏ."),
            (self.doubled, "Một mục ghi hai lần, cùng nội dung."),
        )
        return [Flag("text", why, short(_labels(where))) for where, why in said if set(where) - WHERE]


def _labels(keys: list[str]) -> str:
    return ", ".join(portal.LABELS.get(key, key) for key in dict.fromkeys(keys) if key not in WHERE)


def read_record(record: Record) -> ReadSheet:
    """Return the structure of a record that was taken, its notes among the flags."""
    read = word.read_word(record.raw) if record.shape == "word" else portal.read_portal(record.raw)
    if not record.notes:
        return read
    values = {name: getattr(read, name) for name in ReadSheet.__dataclass_fields__}
    return ReadSheet(**{**values, "flags": (*record.notes, *read.flags)})


def records(path: Path) -> Iterator[Record]:
    """Yield a record for each line that is not blank, of a plain or gzipped file. Raises OSError where it cannot be opened."""
    with path.open("rb") as plain:
        is_packed = plain.read(2) == _GZIP
        plain.seek(0)
        stream: IO[bytes] = cast("IO[bytes]", gzip.GzipFile(fileobj=plain)) if is_packed else plain
        number = 0
        try:
            while (text := stream.readline(LONGEST_LINE + 1)) != b"":
                number += 1
                if len(text) > LONGEST_LINE:
                    yield _too_long(text, stream, number)
                    continue
                text = text.removeprefix(_BOM) if number == 1 else text
                if text.strip():
                    yield _record(text, number)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            why = "Tệp nén bị hỏng hoặc bị cắt từ đây. Phần sau không đọc được."
            yield _listed(number + 1, why, hashlib.sha256(f"{path.name}:{number}".encode()).hexdigest(), "")


def _too_long(text: bytes, stream: IO[bytes], number: int) -> Record:
    """Skip a line that is too long, hashing it on the way."""
    seen = hashlib.sha256(text)
    head = text[:_EXCERPT]
    while text and not text.endswith(b"\n"):
        text = stream.readline(_CHUNK)
        seen.update(text)
    why = f"Dòng dài hơn {LONGEST_LINE // 1024 // 1024} MB, không nhận."
    return _listed(number, why, seen.hexdigest(), head.decode("utf-8", "ignore"))


def _listed(number: int, why: str, content_hash: str, excerpt: str, code: str = "", name: str = "") -> Record:
    marked = hashlib.sha256(f"listed:{content_hash}".encode()).hexdigest()
    kept = {"excerpt": spelled(excerpt[:_EXCERPT])[0]} if excerpt else {}
    return Record(number, "unknown", code[:40], name[:1_000], marked, kept, why)


def _record(text: bytes, number: int) -> Record:
    digest = hashlib.sha256(text.strip()).hexdigest()
    excerpt = text[:_EXCERPT].decode("utf-8", "ignore")
    notes = _Notes()
    code = name = ""
    try:
        raw = _clean_object(_parsed(text, notes), notes)
        shape = _shape(raw)
        code_key, name_key = (word.CODE, word.NAME) if shape == "word" else (portal.CODE, portal.NAME)
        code, name = (line(v) if isinstance(v := raw.get(key), str) else "" for key in (code_key, name_key))
        _check_types(raw, shape)
        if not code or len(code) > 40:
            raise Damaged("Không có mã thủ tục." if not code else "Mã thủ tục dài hơn 40 chữ.")
        if not name:
            raise Damaged("Không có tên thủ tục.")
    except Damaged as why:
        return _listed(number, str(why), digest, excerpt, code or _code_within(excerpt), name)
    flags = notes.flags()
    if is_formula(raw[name_key]):
        flags.append(
            Flag("formula", "Tên bắt đầu như một công thức bảng tính. Giữ nguyên là chữ.", short(name))
        )
    if len(name) > 1_000:
        flags.append(Flag("name", "Tên dài hơn 1.000 chữ.", short(name)))
    return Record(number, shape, code, name, content_hash(raw), raw, notes=tuple(flags), size=len(text))


def _code_within(excerpt: str) -> str:
    """Return the code that stands in a damaged line, for the person who looks for it; blank where none is seen."""
    found = _CODE.search(spelled(excerpt)[0])
    return found[1] if found else ""


def content_hash(raw: dict[str, Any]) -> str:
    """Return the SHA-256 of what a sheet says, whatever the order of its keys."""
    says = {key: value for key, value in raw.items() if key not in WHERE}
    text = json.dumps(says, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(text: bytes, notes: _Notes) -> dict[str, Any]:
    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        whole: dict[str, Any] = {}
        for key, value in found:
            name = spelled(key)[0]
            if name in whole and whole[name] != value:
                raise Damaged(f"Mục “{name[:60]}” ghi hai lần, nội dung khác nhau.")
            if name in whole:
                notes.doubled.append(name)
            whole[name] = value
        return whole

    def constant(_name: str) -> None:
        raise ValueError

    try:
        said = text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged(f"Dòng không phải chữ UTF-8 (byte thứ {error.start + 1}).") from error
    try:
        value = json.loads(said, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(said.rstrip()) - 1 or error.msg.startswith("Unterminated")
        why = (
            "Dòng bị cắt giữa chừng." if is_cut else f"Dòng không phải JSON, sai từ chữ thứ {error.pos + 1}."
        )
        raise Damaged(why) from error
    except RecursionError as error:
        raise Damaged("Dòng lồng quá nhiều tầng.") from error
    except ValueError as error:
        raise Damaged("Dòng có số không đọc được.") from error
    if not isinstance(value, dict):
        raise Damaged("Dòng không phải một bản ghi có tên mục.")
    return value


def _clean_object(value: dict[str, Any], notes: _Notes) -> dict[str, Any]:
    return {key: _clean(part, key, 1, notes) for key, part in value.items()}


def _clean(value: Any, where: str, depth: int, notes: _Notes) -> Any:
    """Return the value in one spelling. Raises Damaged where a text is too long or the parts nest too deep."""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            length, most = (f"{n:,}".replace(",", ".") for n in (len(value), LONGEST_TEXT))
            raise Damaged(f"Mục “{where[:60]}” dài {length} chữ, quá mức {most} chữ.")
        text, was_composed, had_unseen = spelled(value)
        if was_composed:
            notes.composed.append(where)
        if had_unseen:
            notes.unseen.append(where)
        return text
    if depth > _DEEPEST:
        raise Damaged(f"Mục “{where[:60]}” lồng quá nhiều tầng.")
    if isinstance(value, list):
        return [_clean(part, where, depth + 1, notes) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part, where, depth + 1, notes) for key, part in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        raise Damaged(f"Mục “{where[:60]}” có số không đọc được.")
    return value


def _shape(raw: dict[str, Any]) -> str:
    if word.CODE in raw or word.NAME in raw:
        return "word"
    if portal.CODE in raw or portal.NAME in raw:
        return "portal"
    raise Damaged("Không có mã và tên thủ tục, không rõ là mẫu nào.")


def _check_types(raw: dict[str, Any], shape: str) -> None:
    for key in word.TEXTS if shape == "word" else portal.TEXTS:
        if raw.get(key) is not None and not isinstance(raw[key], str):
            raise Damaged(f"Mục “{portal.LABELS.get(key, key)}” sai kiểu: phải là chữ.")
    for key in word.TABLES if shape == "word" else ():
        if raw.get(key) is not None and not isinstance(raw[key], str | list):
            raise Damaged(f"Mục “{key}” sai kiểu: phải là bảng hoặc chữ.")
