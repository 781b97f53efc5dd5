"""The calendar file: lines, escapes, days; read back by a reader that knows only the rules of RFC 5545."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tinhso.plans.adapters.ics import LONGEST_LINE, DueDay, calendar_file, escaped, folded
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 9, 15, tzinfo=VN)
DAY = dt.date(2022, 5, 20)


def lines_of(content: bytes) -> list[str]:
    """Read a file as RFC 5545, 3.1 says: lines end with CR LF, a line that begins with a space goes on."""
    text = content.decode()
    assert text.endswith("\r\n")
    return text[:-2].replace("\r\n ", "").split("\r\n")


def text_of(value: str) -> str:
    """Read a TEXT value back."""
    found, signs = "", iter(value)
    for sign in signs:
        found += {"n": "\n", "N": "\n"}.get(following := next(signs), following) if sign == "\\" else sign
    return found


def events(content: bytes) -> list[dict[str, str]]:
    """Return the events as name (with parameters) → value."""
    found: list[dict[str, str]] = []
    for line in lines_of(content):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1].setdefault(name, value)
    return found


def test_a_calendar_says_that_it_is_published_and_in_which_version() -> None:
    lines = lines_of(calendar_file("Sở Tư pháp", [], at=AT))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert {"VERSION:2.0", "METHOD:PUBLISH", "CALSCALE:GREGORIAN"} <= set(lines)
    assert any(line.startswith("PRODID:") for line in lines)


def test_a_due_day_is_a_whole_day_and_leaves_people_free() -> None:
    (event,) = events(calendar_file("x", [DueDay("task-1@tinhso", DAY, "Nộp báo cáo")], at=AT))
    assert event["UID"] == "task-1@tinhso"
    assert event["DTSTART;VALUE=DATE"] == "20220520"
    assert event["DTEND;VALUE=DATE"] == "20220521"
    assert event["DTSTAMP"] == "20220510T021500Z"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["STATUS"] == "CONFIRMED"


def test_a_cancelled_day_says_so_under_the_same_name() -> None:
    one = DueDay("task-1@tinhso", DAY, "Nộp", changed_at=AT, sequence=2, is_cancelled=True)
    (event,) = events(calendar_file("x", [one], at=AT))
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == ("task-1@tinhso", "CANCELLED", "2")
    assert event["LAST-MODIFIED"] == "20220510T021500Z"


def test_commas_semicolons_backslashes_and_lines_are_escaped() -> None:
    assert escaped("a,b;c\\d\ne\r\nf") == "a\\,b\\;c\\\\d\\ne\\nf"


def test_labels_are_parted_by_commas_of_their_own() -> None:
    one = DueDay("u", DAY, "t", labels=("Cải cách, hành chính", "Đề án 06"))
    (event,) = events(calendar_file("x", [one], at=AT))
    assert event["CATEGORIES"] == "Cải cách\\, hành chính,Đề án 06"


def test_nobody_adds_an_event_by_a_title() -> None:
    title = "Họp\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:giả"
    content = calendar_file("x", [DueDay("u", DAY, title, url="https://x\r\nATTACH:y")], at=AT)
    assert len(events(content)) == 1
    assert not [line for line in lines_of(content) if line.startswith(("SUMMARY:giả", "ATTACH"))]


@given(st.text())
def test_what_is_escaped_reads_back(text: str) -> None:
    told = text.replace("\r\n", "\n").replace("\r", "\n")
    wanted = "".join(
        " " if s == "\t" else s for s in told if s in "\n\t" or not (ord(s) < 32 or 127 <= ord(s) < 160)
    )
    assert text_of(escaped(text)) == wanted


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_no_line_is_longer_than_75_octets_and_none_is_lost(text: str) -> None:
    pieces = folded(text).split("\r\n")
    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text
    assert all(piece.startswith(" ") for piece in pieces[1:])
