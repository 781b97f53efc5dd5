"""Every address × every method × every role, against the one table in ``matrix.py``."""

from __future__ import annotations

import pytest

from tests.authorisation import questions
from tests.authorisation.matrix import LEADS_ON, LINES, METHODS, NO_METHOD, NOT_THERE, SIGN_IN, Line
from tests.authorisation.questions import Question, ask, every_address, question
from tests.authorisation.world import ROLES, World
from tinhso.dossiers.views import officers

URLCONF = "tests.authorisation.addresses"
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
#: Enough for methods that are refused as others are, for which every role is asked.
A_FEW = ("anonymous", "owner", "clerk", "inspector")


def undeclared(addresses: dict[str, str]) -> list[str]:
    """Return the addresses that the table does not know, by name and pattern."""
    return sorted(f"{name} ({path})" for name, path in addresses.items() if name not in METHODS)


def test_every_address_is_declared() -> None:
    assert undeclared(every_address(URLCONF)) == []


def test_every_declared_address_exists() -> None:
    assert sorted(set(METHODS) - set(every_address(URLCONF))) == []


def test_every_address_has_a_line_for_each_way_to_read_it_and_to_write_to_it() -> None:
    wanted = {(name, m) for name, methods in METHODS.items() for m in methods if m in {"GET", "POST"}}
    assert sorted(wanted - {(line.name, line.method) for line in LINES}) == []
    assert sorted({(line.name, line.method) for line in LINES} - wanted) == []


def test_every_act_on_a_dossier_has_its_line() -> None:
    declared = {line.case for line in LINES if line.name == "dossiers:act"} - {"no such act"}
    assert declared == set(officers._ACTS)


def test_no_line_is_written_twice_and_none_names_a_role_that_nobody_plays() -> None:
    assert len({str(line) for line in LINES}) == len(LINES)
    assert {role for line in LINES for role in line.who} <= set(ROLES)


@pytest.mark.parametrize("line", LINES, ids=str)
def test_each_role_gets_what_the_table_says(line: Line, world: World) -> None:
    questions.remember(world)
    wrong = []
    sent = {state: question(line, world, state) for state in line.states}
    for state, role in line.cells():
        got, expected = ask(world, role, line.method, sent[state]).outcome, line.expected(role, state)
        if got != expected:
            wrong.append(f"{role} {state}: expected {expected!r}, got {got!r}")
    assert not wrong, f"{line}\n" + "\n".join(wrong)
    assert questions.changes(world) == set()


@pytest.mark.parametrize("name", METHODS)
def test_a_method_that_an_address_does_not_know_is_answered_so_to_everybody(name: str, world: World) -> None:
    """Whoever is stopped at the door of the address may be told so instead."""
    questions.remember(world)
    line = next(line for line in LINES if line.name == name)
    url = question(line, world, line.states[0]).url
    wrong = [
        f"{role} {method}: {got!r}"
        for method in EVERY_METHOD
        if method not in METHODS[name]
        for role in (A_FEW if method in {"PATCH", "DELETE", "OPTIONS"} else ROLES)
        if (got := ask(world, role, method, Question(url, {})).outcome) != NO_METHOD
        and not (got in {SIGN_IN, NOT_THERE, LEADS_ON} and got == line.expected(role, line.states[0]))
    ]
    assert not wrong, f"{name}\n" + "\n".join(wrong)


@pytest.mark.parametrize("line", {one.name: one for one in LINES if one.method == "GET"}.values(), ids=str)
def test_asking_for_the_head_alone_is_answered_as_asking_for_the_page(line: Line, world: World) -> None:
    questions.remember(world)
    state = line.states[0]
    url = question(line, world, state).url
    for role in A_FEW:
        answer = ask(world, role, "HEAD", Question(url, {}))
        assert (answer.outcome, answer.response.getvalue()) == (line.expected(role, state), b""), role
