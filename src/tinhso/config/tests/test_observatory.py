"""`tinhso observatory`: every boundary on its side, what is lacking told apart, bad lines."""

import pytest

from tinhso.config.commands.observatory import command as observatory
from tinhso.config.tests.test_indices import ask


def speed(**given: object) -> dict[str, object]:
    code, [answer] = ask(observatory, {"id": "a", **given})
    assert code == 0
    assert answer["id"] == "a"
    found: dict[str, object] = answer["speed"]
    return found


@pytest.mark.parametrize(
    ("percent", "points"),
    [
        (100, 6),
        (99.90001, 6),
        (99.9, 4),
        (99.5, 4),
        (99.49999, 3),
        (99, 3),
        (98.99, 2),
        (98, 2),
        (97.99, 0),
        (95, 0),
        (94.99999, -6),
        (0, -6),
    ],
)
def test_each_bound_of_availability_lies_on_its_side(percent: float, points: int) -> None:
    assert speed(availability=percent, response_s=0.5)["availability"] == points


@pytest.mark.parametrize(
    ("seconds", "points"),
    [
        (0, 4),
        (0.1999, 4),
        (0.2, 3),
        (0.3999, 3),
        (0.4, 2),
        (0.6, 1),
        (0.7999, 1),
        (0.8, 0),
        (1, 0),
        (1.0001, -4),
        (30, -4),
    ],
)
def test_each_bound_of_the_response_lies_on_its_side(seconds: float, points: int) -> None:
    assert speed(availability=99.9, response_s=seconds)["response"] == points


@pytest.mark.parametrize(
    ("percent", "seconds", "points", "colour"),
    [
        (99.95, 0.1, 10, "xanh"),
        (99.9, 0.1, 8, "xanh"),
        (99.9, 0.2, 7, "cam"),
        (99, 0.4, 5, "cam"),
        (99, 0.6, 4, "đỏ"),
        (50, 9, -10, "đỏ"),
    ],
)
def test_points_add_up_to_a_colour(percent: float, seconds: float, points: int, colour: str) -> None:
    found = speed(availability=percent, response_s=seconds)
    assert (found["points"], found["colour"]) == (points, colour)


def test_minutes_are_exact_where_a_percentage_would_be_rounded() -> None:
    whole = 129_600
    assert speed(minutes_known=1000 * whole, minutes_available=999 * whole, response_s=0.1)["points"] == 8
    assert (
        speed(minutes_known=1000 * whole, minutes_available=999 * whole + 1, response_s=0.1)["points"] == 10
    )


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"availability": None, "response_s": 0.1}, "pending"),
        ({"availability": 99, "response_s": None}, "pending"),
        ({"availability": "n/a", "response_s": None}, "n/a"),
        ({"minutes_known": 0, "minutes_available": 0, "response_s": 0.1}, "pending"),
        ({"minutes_known": 1439, "minutes_available": 1439, "response_s": 0.1}, "too few"),
        ({"minutes_known": None, "minutes_available": 1, "response_s": 0.1}, "pending"),
        ({"minutes_known": 1439, "minutes_available": 1439, "response_s": None}, "pending"),
    ],
)
def test_what_is_lacking_is_told_apart_and_never_a_number(given: dict[str, object], state: str) -> None:
    found = speed(**given)
    assert (found["points"], found["colour"], found["state"]) == (None, None, state)


def test_the_rules_beside() -> None:
    lines = [
        {"human_channels": 1},
        {"human_channels": 2},
        {"human_channels": None},
        {"ask_once": 1},
        {"ask_once": [1, 1]},
        {"ask_once": 4},
        {"ask_once": [2, 3]},
        {"ask_once": [2, None]},
        {"ask_once": []},
        {"dematerialised": "partial"},
        {"dematerialised": "n/a"},
        {"satisfied": 60, "neutral": 30, "dissatisfied": 10},
        {"satisfied": 61, "neutral": 30, "dissatisfied": 10},
        {"satisfied": None, "neutral": 1, "dissatisfied": 1},
    ]
    code, answers = ask(observatory, *lines)
    assert code == 0
    assert [{key: one for key, one in answer.items() if key != "version"} for answer in answers] == [
        {"help": {"reachable": False, "channels": 1}},
        {"help": {"reachable": True, "channels": 2}},
        {"help": {"reachable": None, "state": "pending"}},
        {"ask_once": {"effort": 1, "colour": "xanh"}},
        {"ask_once": {"effort": 2, "colour": "cam"}},
        {"ask_once": {"effort": 4, "colour": "cam"}},
        {"ask_once": {"effort": 5, "colour": "đỏ"}},
        {"ask_once": {"effort": None, "colour": None, "state": "pending"}},
        {"ask_once": {"effort": 0, "colour": "xanh"}},
        {"dematerialised": {"percent": 50}},
        {"dematerialised": {"percent": None, "state": "n/a"}},
        {"satisfaction": {"mean": None, "opinions": None, "state": "too few"}},
        {"satisfaction": {"mean": 7.5, "opinions": 101}},
        {"satisfaction": {"mean": None, "opinions": None, "state": "pending"}},
    ]


@pytest.mark.parametrize(
    "line",
    [
        {"availability": 100.01, "response_s": 1},
        {"availability": -1, "response_s": 1},
        {"availability": "99", "response_s": 1},
        {"availability": 99},
        {"minutes_known": 2000, "minutes_available": 2001, "response_s": 1},
        {"minutes_known": 2000, "response_s": 1},
        {"minutes_known": 1500.5, "minutes_available": 1500, "response_s": True},
        {"human_channels": 1.5},
        {"ask_once": [1, -1]},
        {"ask_once": "nhiều"},
        {"dematerialised": "maybe"},
        {"dematerialised": 50},
        {"satisfied": 200},
        {},
        "không phải JSON",
        [1],
    ],
)
def test_a_line_that_cannot_be_scored_gives_a_sentence(line: object) -> None:
    code, answers = ask(observatory, line, {"id": "b", "human_channels": 3})
    assert code == 1
    assert answers[0]["error"]
    assert answers[0]["line"] == 1
    assert answers[1]["help"]["reachable"] is True


def test_a_set_that_is_not_there_is_told() -> None:
    code, _answers = ask(observatory, options=("--set", "dai-quan-sat-1"))
    assert code == 0
