"""Register who wants to hear what, and what is to be done every so often.

Modules register in their ``listeners`` and ``tasks``, which their ``apps.ready()`` imports.
"""

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from tinhso.journal.rules import Record, event_name

E = TypeVar("E")
Hears = Callable[[E, Record], object]
Task = TypeVar("Task", bound=Callable[[], object])


class NameTaken(ValueError):
    """Two listeners of one event, or two periodic tasks, carry one name."""


@dataclasses.dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who hears one kind of event."""

    name: str
    event: type
    hear: Hears[Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Periodic:
    """Something to do every so many seconds of real time."""

    name: str
    seconds: float
    do: Callable[[], object]


_listeners: Final[dict[str, dict[str, Listener]]] = {}
_periodic: Final[dict[str, Periodic]] = {}


def on(event: type[E], *, name: str) -> Callable[[Hears[E]], Hears[E]]:
    """Let the decorated function hear every ``event`` announced from now on, as ``function(event, entry)``.

    ``name`` (``"dossiers.tell_applicant"``) is kept in the database with each delivery: never change it.
    Raises ``NameTaken``, and ``NotAnEvent`` when the class stands in no module's ``events``.
    """

    def register(hear: Hears[E]) -> Hears[E]:
        known = _listeners.setdefault(event_name(event), {})
        if name in known:
            raise NameTaken(name)
        known[name] = Listener(name, event, hear)
        return hear

    return register


def listeners_of(event: type | str) -> Mapping[str, Listener]:
    """Return the listeners of an event (its class or its name) by their names, in order of registration."""
    key = event if isinstance(event, str) else event_name(event)
    return MappingProxyType(_listeners.get(key, {}))


def every(seconds: float, name: str) -> Callable[[Task], Task]:
    """Let the worker call the decorated function about every so many seconds, one worker at a time.

    With several workers each keeps its own time, so the function must do no harm when called sooner.
    Raises ``NameTaken``.
    """

    def register(do: Task) -> Task:
        if name in _periodic:
            raise NameTaken(name)
        _periodic[name] = Periodic(name, seconds, do)
        return do

    return register


def periodic_tasks() -> Mapping[str, Periodic]:
    """Return what is to be done every so often, by name."""
    return MappingProxyType(_periodic)
