"""Decide how news is written down, hashed and retried: values in, values out.

The tree is the Merkle tree of RFC 6962, section 2.1, over the entries in the order in which their transactions
can be sealed (transaction, then entry). A leaf is ``sha256(0x00 ‖ "id:xid:" ‖ body)``, a node
``sha256(0x01 ‖ left ‖ right)``.
"""

import dataclasses
import datetime as dt
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, Final, Protocol, Self, TypeVar, cast
from uuid import UUID

from tinhso.toolkit.clock import VN

E = TypeVar("E")
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND: Final = dt.timedelta(milliseconds=1)
#: A delivery that failed so often is left alone until a person looks at it.
MOST_ATTEMPTS: Final = 8
LONGEST_WAIT: Final = dt.timedelta(hours=1)
_READERS: Final[dict[type, dict[str, Callable[[Any], Any]]]] = {}
HASH_SIZE: Final = 32


class NotAnEvent(TypeError):
    """The thing announced is no frozen dataclass of a module's ``events``."""


class CannotBeWritten(TypeError):
    """A value has no single written form (a float, a moment without time zone, an unknown type)."""


class HeadUnreadable(ValueError):
    """A line of the heads file is not a head."""


class HasRef(Protocol):
    """Whoever did it: a person, a task, the system; ``ref`` is a code and never a name."""

    @property
    def ref(self) -> str:
        """Return the code under which the journal knows this doer."""
        ...


# News and its written form


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """One entry as it is read: what happened (``event``) to what (``about``), by whom, when, and the codes with it.

    ``at`` is business time, to the millisecond, in Vietnam's time zone.
    """

    id: int
    event: str
    about: str
    by: str
    at: dt.datetime
    data: Mapping[str, Any]

    @classmethod
    def of(cls, entry_id: int, body: str) -> Self:
        """Read the stored text of an entry."""
        said = json.loads(body)
        at = (EPOCH + said["at_ms"] * MILLISECOND).astimezone(VN)
        return cls(entry_id, said["event"], said["about"], said["by"], at, said["data"])


def event_name(event: type) -> str:
    """Return ``<module>.<ClassName>``, the name under which ``event`` stands in the journal.

    Raises ``NotAnEvent`` for anything but a frozen dataclass of a module's ``events``.
    """
    root, _, inside = event.__module__.partition(".")
    module, *rooms = inside.split(".")
    parameters = getattr(event, "__dataclass_params__", None)
    if "events" not in rooms or not root or parameters is None or not parameters.frozen:
        msg = f"{event.__module__}.{event.__qualname__} is no frozen dataclass of a module's events"
        raise NotAnEvent(msg)
    return f"{module}.{event.__name__}"


def canonical(said: Mapping[str, Any]) -> str:
    """Write ``said`` in the one form that is hashed: sorted keys, no spaces, letters as they are."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def body_of(event: object, *, about: str, by: str, at: dt.datetime) -> str:
    """Write the whole text of an entry.

    Raises ``NotAnEvent``, and ``CannotBeWritten`` for floats, naive moments and unknown types.
    """
    if at.tzinfo is None:
        msg = "a moment needs its time zone"
        raise CannotBeWritten(msg)
    name = event_name(type(event))
    said = {
        "event": name,
        "about": about,
        "by": by,
        "at_ms": (at - EPOCH) // MILLISECOND,
        "data": _fields(event),
    }
    return canonical(said)


def _fields(thing: Any) -> dict[str, Any]:
    return {field.name: _plain(getattr(thing, field.name)) for field in dataclasses.fields(thing)}


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case dt.datetime() if value.tzinfo is None:
            msg = "a moment needs its time zone"
            raise CannotBeWritten(msg)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case tuple() | list():
            return [_plain(one) for one in value]
        case Mapping():
            return {_key(key): _plain(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value):
        return _fields(value)
    msg = f"{type(value).__name__} has no single written form"
    raise CannotBeWritten(msg)


def _key(key: object) -> str:
    if isinstance(key, Enum):
        key = key.value
    if not isinstance(key, str):
        msg = f"a key must be text, not {type(key).__name__}"
        raise CannotBeWritten(msg)
    return key


def event_from(event: type[E], data: Mapping[str, Any]) -> E:
    """Build the event again from its written fields.

    Fields are only ever added: one that the entry does not know takes its default, one that the class does not
    know is passed over. Raises ``CannotBeWritten`` for a type that ``body_of`` would not have written.
    """
    readers = _READERS.get(event)
    if readers is None:
        hints = typing.get_type_hints(event)
        fields = dataclasses.fields(cast("type[Any]", event))
        readers = _READERS[event] = {field.name: _reader(hints[field.name]) for field in fields}
    return event(**{name: back(data[name]) for name, back in readers.items() if name in data})


def _same(value: Any) -> Any:
    return value


def _reader(hint: Any) -> Callable[[Any], Any]:
    hint = getattr(hint, "__supertype__", hint)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        kinds = [_reader(kind) for kind in inner if kind is not types.NoneType]
        if len(kinds) == 1:
            return lambda value: None if value is None else kinds[0](value)
    elif origin in (tuple, list) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        kinds = [_reader(kind) for kind in inner if kind is not Ellipsis]
        if len(kinds) == 1:
            return lambda value: (list if origin is list else tuple)(kinds[0](one) for one in value)
        return lambda value: tuple(kind(one) for kind, one in zip(kinds, value, strict=True))
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        key, one = _reader(inner[0]), _reader(inner[1])
        return lambda value: {key(name): one(thing) for name, thing in value.items()}
    elif origin is typing.Literal or hint in (str, int, bool, types.NoneType, Any, object):
        return _same
    elif hint in (dt.datetime, dt.date, dt.time):
        return cast("Callable[[Any], Any]", hint.fromisoformat)
    elif isinstance(hint, type) and issubclass(hint, Enum | Decimal | UUID):
        return hint
    elif dataclasses.is_dataclass(hint):
        return lambda value: event_from(cast("type", hint), value)
    msg = f"{hint} cannot be read back from the journal"
    raise CannotBeWritten(msg)


# Retrying


def wait_after(attempts: int) -> dt.timedelta | None:
    """Say how long a delivery rests after its ``attempts``-th failure; ``None``: it is not tried again."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(dt.timedelta(seconds=2**attempts), LONGEST_WAIT)


# The tree


def leaf_of(entry_id: int, xid: int, body: str) -> bytes:
    """Hash one entry: its place (entry and transaction) and its text as stored."""
    return sha256(f"\0{entry_id}:{xid}:{body}".encode()).digest()


class Tree:
    """A growing Merkle tree that keeps only its frontier: the roots of its full subtrees, the largest first."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, frontier: Iterable[bytes] = ()) -> None:
        """Go on from a frontier of ``size`` leaves; raises ``ValueError`` when they do not belong together."""
        self.size = size
        self._peaks = list(frontier)
        if len(self._peaks) != size.bit_count() or any(len(peak) != HASH_SIZE for peak in self._peaks):
            msg = f"a tree of {size} leaves has {size.bit_count()} full subtrees, not {len(self._peaks)}"
            raise ValueError(msg)

    def add(self, leaves: Iterable[bytes]) -> None:
        """Append leaves in order."""
        peaks, size = self._peaks, self.size
        for leaf in leaves:
            node, full = leaf, size
            while full & 1:
                node = sha256(b"\1" + peaks.pop() + node).digest()
                full >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    @property
    def frontier(self) -> list[bytes]:
        """Return the few hashes from which another process goes on."""
        return list(self._peaks)

    @property
    def root(self) -> bytes:
        """Return the head over all leaves so far."""
        if not self._peaks:
            return sha256().digest()
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = sha256(b"\1" + peak + root).digest()
        return root

    def copy(self) -> "Tree":
        """Return a tree that grows apart from this one."""
        return Tree(self.size, self._peaks)


def split(leaves: bytes) -> list[bytes]:
    """Cut the leaves of a seal apart, 32 bytes each."""
    return [leaves[start : start + HASH_SIZE] for start in range(0, len(leaves), HASH_SIZE)]


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """What a seal says about the whole journal: ``size`` entries have ``root``, up to transaction ``hi``.

    ``at`` is the database's real time, not business time.
    """

    seq: int
    size: int
    root: str
    hi: int
    at: dt.datetime

    def line(self) -> str:
        """Write the head as one line of the heads file."""
        return canonical({**dataclasses.asdict(self), "at": self.at.astimezone(dt.UTC).isoformat()}) + "\n"

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a line of the heads file; raises ``HeadUnreadable``."""
        try:
            said = json.loads(line)
            head = cls(
                int(said["seq"]), int(said["size"]), str(said["root"]), int(said["hi"]), _moment(said["at"])
            )
        except (ValueError, TypeError, KeyError) as error:
            raise HeadUnreadable(line[:200]) from error
        if len(head.root) != 2 * HASH_SIZE:
            raise HeadUnreadable(line[:200])
        return head


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
