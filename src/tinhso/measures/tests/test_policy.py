"""Who may see and replace targets of use: those who promote use, and nobody else."""

from __future__ import annotations

import pytest

from tinhso.directory.api import ANYBODY, SYSTEM, Actor
from tinhso.measures.permissions import TARGETS, MayTarget
from tinhso.measures.services.set_target import set_target
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.test_targets import DECISION, aim
from tinhso.toolkit.policy import NotThere


@pytest.mark.parametrize("may", list(MayTarget))
def test_only_those_who_promote_use_see_and_replace_targets(promoting: Promoting, may: MayTarget) -> None:
    set_target(by=promoting.oanh, at=NOW, aim=aim(), decision=DECISION)
    others = [one for one in vars_of(promoting) if one not in (promoting.oanh, promoting.phuc)]
    assert len(others) >= 9
    assert {TARGETS.rows(one, may).count() for one in (*others, ANYBODY, SYSTEM)} == {0}
    assert [TARGETS.rows(one, may).count() for one in (promoting.oanh, promoting.phuc)] == [1, 1]


def test_nobody_else_sets_a_target(promoting: Promoting) -> None:
    for one in (promoting.cast.minh, promoting.cast.quan, promoting.cast.lan, SYSTEM):
        with pytest.raises(NotThere):
            set_target(by=one, at=NOW, aim=aim(), decision=DECISION)


def vars_of(promoting: Promoting) -> list[Actor]:
    return [one for one in vars(promoting.cast).values() if isinstance(one, Actor)]
