"""How news is written, read back, hashed and retried."""

import datetime as dt
import json
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.journal.rules import (
    CannotBeWritten,
    Head,
    HeadUnreadable,
    NotAnEvent,
    Record,
    Tree,
    body_of,
    event_from,
    event_name,
    leaf_of,
    split,
    wait_after,
)
from tinhso.journal.tests.conftest import AT
from tinhso.journal.tests.events import Channel, LanternCarried, LanternLit, NotFrozen, Paper, Weighed

CARRIED = LanternCarried(
    code="Đ-1",
    on=dt.date(2022, 5, 10),
    at=AT,
    until=dt.time(17, 0),
    fee=Decimal("28000"),
    key=UUID(int=7),
    channel=Channel.COUNTER,
    papers=(Paper("tờ khai"), Paper("ảnh", 2)),
    pair=("a", 1),
    names=["Thử", "Mẫu"],
    by_channel={Channel.ONLINE: 2},
    reason=None,
)


def mth(leaves: list[bytes]) -> bytes:
    """Hash as RFC 6962 defines it, by recursion."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256().digest()
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def test_a_known_tree_has_its_known_root() -> None:
    # The test vectors of certificate transparency: eight inputs, as every implementation has them.
    inputs = (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
    tree = Tree()
    tree.add(sha256(b"\0" + bytes.fromhex(text)).digest() for text in inputs)
    assert tree.root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_tree_that_goes_on_from_its_frontier_equals_the_whole(first: int, more: int) -> None:
    leaves = [sha256(bytes([n % 256, n // 256])).digest() for n in range(first + more)]
    tree = Tree()
    tree.add(leaves[:first])
    later = Tree(tree.size, tree.frontier)
    later.add(leaves[first:])
    assert later.root == mth(leaves)
    assert tree.root == mth(leaves[:first])


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="full subtrees"):
        Tree(3, [bytes(32)])


def test_a_leaf_names_its_place() -> None:
    assert leaf_of(7, 12, '{"a":"đ"}') == sha256(b"\0" + '7:12:{"a":"đ"}'.encode()).digest()
    assert split(b"a" * 32 + b"b" * 32) == [b"a" * 32, b"b" * 32]


def test_an_entry_is_written_in_one_form() -> None:
    body = body_of(LanternLit(3, 'đèn "lồng"'), about="lantern:3", by="account:1", at=AT)
    assert body == (
        '{"about":"lantern:3","at_ms":1652146200000,"by":"account:1",'
        '"data":{"note":"đèn \\"lồng\\"","number":3},"event":"journal.LanternLit"}'
    )
    assert Record.of(5, body) == Record(
        5, "journal.LanternLit", "lantern:3", "account:1", AT, {"note": 'đèn "lồng"', "number": 3}
    )


def test_an_event_comes_back_as_it_was_announced() -> None:
    data = json.loads(body_of(CARRIED, about="x", by="y", at=AT))["data"]
    assert event_from(LanternCarried, data) == CARRIED


def test_a_field_added_later_takes_its_default_and_one_unknown_is_passed_over() -> None:
    assert event_from(LanternLit, {"number": 4, "colour": "red"}) == LanternLit(4)


def test_a_float_is_not_written() -> None:
    with pytest.raises(CannotBeWritten, match="float"):
        body_of(Weighed(1.5), about="x", by="y", at=AT)


def test_a_moment_without_time_zone_is_not_written() -> None:
    with pytest.raises(CannotBeWritten, match="time zone"):
        body_of(LanternLit(1), about="x", by="y", at=AT.replace(tzinfo=None))


@pytest.mark.parametrize("event", [NotFrozen, int, Channel], ids=str)
def test_only_a_frozen_dataclass_of_a_modules_events_is_an_event(event: type) -> None:
    with pytest.raises(NotAnEvent):
        event_name(event)


def test_a_failed_delivery_rests_longer_each_time_and_is_dead_after_the_eighth() -> None:
    waits = [wait_after(n) for n in range(1, 10)]
    assert [wait and wait.total_seconds() for wait in waits] == [2, 4, 8, 16, 32, 64, 128, None, None]


def test_a_head_is_read_as_it_was_written() -> None:
    head = Head(4, 120, "ab" * 32, 900, AT)
    assert Head.read(head.line()) == head


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", "null", '{"seq":1', Head(1, 2, "ab", 3, AT).line(), "x" * 300], ids=range(7)
)
def test_a_line_that_is_no_head_is_refused(line: str) -> None:
    with pytest.raises(HeadUnreadable):
        Head.read(line)
