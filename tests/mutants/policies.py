"""Mutants of policies: who may do what to which rows.

Each row of each ``Policy`` is removed (nobody may), opened (everybody may) and inverted; then each term of it is left
out in turn: an alternative of ``any_of``, a condition of ``all_of``, a role of a rule that is made from roles.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.mutants.change import Mutant, stages
from tinhso.config.settings import FLOORS
from tinhso.toolkit import policy
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, Rule, all_of, any_of

AnyRule = Rule[Any]
_JOINED = {
    (policy.__name__, "any_of.<locals>.rule"): any_of,
    (policy.__name__, "all_of.<locals>.rule"): all_of,
}


class PolicyNotNamed(Exception):
    """A policy is alive that is no module's attribute, so nobody could say which one survived."""


def mutants() -> Iterator[Mutant]:
    """Yield the mutants of every policy of the program. Raises ``PolicyNotNamed``."""
    for module, name, found in _policies():
        where = module.removeprefix("tinhso.")
        tests = stages(where.split(".")[0], "test_policy.py", "tests/authorisation")
        for may, rule in found.rules.items():
            for kind, other in _variants(rule):
                label = f"{where}.{name}[{may.name}] {kind}"
                change = partial(found.rules.__setitem__, may, other)
                yield Mutant(label, "policy", tests, apply=change, hint=f"[{may.value}]")


def _policies() -> list[tuple[str, str, Policy[Any, Any, Any]]]:
    named: dict[int, tuple[str, str, Policy[Any, Any, Any]]] = {}
    for module in _modules():
        for name, value in vars(module).items():
            if isinstance(value, Policy):
                row = (module.__name__, name, value)
                is_home = module.__name__.split(".")[2:3] == ["permissions"]
                if is_home or id(value) not in named:
                    named[id(value)] = row
    alive = {id(one) for one in gc.get_objects() if isinstance(one, Policy)}
    if alive - set(named):
        raise PolicyNotNamed(f"{len(alive - set(named))} policies are no module's attribute")
    return sorted(named.values(), key=lambda row: row[:2])


def _modules() -> Iterator[Any]:
    for floor in FLOORS:
        package = importlib.import_module(floor)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{floor}."):
            if not {"tests", "migrations", "commands"} & set(found.name.split(".")):
                yield importlib.import_module(found.name)


def _variants(rule: AnyRule) -> Iterator[tuple[str, AnyRule]]:
    yield "removed", lambda by: NO_ROW
    yield "opened", lambda by: EVERY_ROW
    yield "inverted", lambda by: ~rule(by)
    yield from _weakened(rule)


def _weakened(rule: AnyRule) -> Iterator[tuple[str, AnyRule]]:
    """Yield the rule with one term left out, at any depth."""
    join = _JOINED.get((rule.__module__, rule.__qualname__))
    held = inspect.getclosurevars(rule).nonlocals
    if join is not None:
        terms: tuple[AnyRule, ...] = held["rules"]
        for i, term in enumerate(terms):
            before, after = terms[:i], terms[i + 1 :]
            if before or after:
                yield f"without {_words(term)}", join(*before, *after)
            for what, other in _weakened(term):
                yield f"{what} in term {i + 1}", join(*before, other, *after)
    elif len(held.get("roles", ())) > 1:
        make = _maker(rule)
        for role in held["roles"]:
            yield f"without {make.__name__}({role})", make(*(one for one in held["roles"] if one != role))


def _maker(rule: AnyRule) -> Callable[..., AnyRule]:
    made: Callable[..., AnyRule] = getattr(
        importlib.import_module(rule.__module__), rule.__qualname__.split(".")[0]
    )
    return made


def _words(rule: AnyRule) -> str:
    held = inspect.getclosurevars(rule).nonlocals
    name = rule.__qualname__.split(".")[0]
    if "rules" in held:
        return f"{name}({', '.join(_words(one) for one in held['rules'])})"
    return f"{name}({', '.join(held['roles'])})" if "roles" in held else name
