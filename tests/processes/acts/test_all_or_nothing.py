"""One act is one transaction: after any failure all of it is done or nothing.

The database refuses one statement after the other, and then the commit. The series of numbers on
PostgreSQL and the transaction that keeps an incident are separate by design, and not tested here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from unittest.mock import patch
from uuid import UUID

import pytest

from engine.face.act import Act
from engine.sentences.errors import Unavailable
from tests.processes.acts import failing
from tests.processes.acts.examples import Example, Scene
from tests.processes.acts.registry import EXAMPLES, doors
from tests.processes.acts.stage import Moment, Stage

FIRST = list({example.act: example for example in reversed(EXAMPLES)}.values())
"""One of each act: who does it makes no difference to what is stored."""
TRIED = [
    pytest.param(kind, example, id=f"{example} on {kind}")
    for example in FIRST
    for kind in (["sqlite", "postgresql"] if example.upon_case else ["sqlite"])
]
MANY = 64
"""Statements of an act."""


@pytest.mark.parametrize(("stage", "example"), TRIED, indirect=["stage"])
def test_an_act_is_done_as_a_whole_or_not_at_all(stage: Stage, example: Example) -> None:
    trial = Rehearsal(stage, example)
    undisturbed = trial.outcome()
    assert stage.failing.commits == 1, "an act is one transaction"
    assert undisturbed != trial.untouched, "the example does nothing"
    assert trial.waits or not trial.moved_a_case(), "it is to be tried while others move"

    trial.again()
    for statement in numbers():
        try:
            with stage.failing.at(statement):
                trial.act()
        except Unavailable:
            trial.assert_nothing_done(f"statement {statement} failed")
        else:
            break
    assert trial.outcome_of_act() == undisturbed, "nothing is left of what failed before"


@pytest.mark.parametrize(("stage", "example"), TRIED, indirect=["stage"])
def test_an_act_counts_once_whatever_becomes_of_its_commit(stage: Stage, example: Example) -> None:
    trial = Rehearsal(stage, example)
    undisturbed = trial.outcome()

    trial.again()
    with stage.failing.at_commit(), pytest.raises(Unavailable):
        trial.act()
    trial.assert_nothing_done("the commit failed")
    with stage.failing.at_commit(failing.again):
        trial.act()
    assert stage.failing.commits == 1
    assert trial.outcome_of_act() == undisturbed, "done twice, it is stored once"


def numbers() -> Iterator[int]:
    """Of the statements that fail in turn: of an act of very many, only some of the later ones."""
    number = 1
    while True:
        yield number
        number += 1 + number // MANY


def drawn_ids() -> Iterator[UUID]:
    """The same each time: when a case is looked at is spread by its id."""
    return (UUID(f"01a00000-0000-7000-8000-{number:012x}") for number in itertools.count(1))


class Rehearsal:
    """One scene, played again and again."""

    def __init__(self, stage: Stage, example: Example) -> None:
        self._stage = stage
        self._scene: Scene = example.scene(stage)
        self._door: Callable[..., object] = doors()[example.act]
        self._scope = stage.scope(example.by, confirmed=example.confirmed)
        self._moment: Moment = stage.keep()
        self._before = stage.before()
        self._mark = stage.store.mark()
        self.waits = example.upon_case or example.upon_account
        stage.told.clear()
        self.untouched = self.outcome_of_act()

    def again(self) -> None:
        """The scene as it was."""
        self._stage.restore(self._moment)
        self._mark = self._stage.store.mark()

    def act(self) -> None:
        """With the case in memory, as after the step before."""
        self._stage.warm(self._scene.case)
        self._stage.failing.count()
        with patch.dict(Act.new_id.__globals__, uuid7=drawn_ids().__next__):
            self._door(self._stage.service, self._scope, *self._scene.args, **self._scene.kwargs)

    def outcome(self) -> object:
        """What the act does when nothing is in its way."""
        self.act()
        return self.outcome_of_act()

    def outcome_of_act(self) -> object:
        """What is stored now that was not before, and who was told."""
        return self._before.change_to(self._stage.store.rows()), list(self._stage.told)

    def moved_a_case(self) -> bool:
        """Whether an instance that was there is not as it was."""
        went, _ = self._before.change_to(self._stage.store.rows()).get("instance", ([], []))
        return bool(went)

    def assert_nothing_done(self, when: str) -> None:
        assert self._stage.store.mark() == self._mark, f"something was stored though {when}"
        assert self._stage.told == [], f"somebody was told though {when}"
        assert self._stage.remembers_truly(self._scene.case), f"memory is ahead: {when}"
        if self._stage.store.apart:
            self._stage.store.restore(self._moment.kept)
