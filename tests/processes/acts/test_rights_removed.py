"""Every right against its removal: the author's right is asked in the transaction of the act
itself.

The scope is read as in a request; then another user removes its basis. For an act that locks a
case, or the author's account, the removal also comes while the act waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Forbidden, NotFound, TindakError
from engine.storage.cases import steps
from processes.storage.authentication import passwords
from tests.engine.racing import Queue
from tests.processes.acts.examples import ACCOUNT, OF_TOKEN, PASSWORD, Example, Removal, Trial
from tests.processes.acts.registry import EXAMPLES, doors
from tests.processes.acts.stage import CONSOLE, STRANGER, Stage

ASKED = [example for example in EXAMPLES if example.by not in (CONSOLE, STRANGER)]
"""The operator is vouched for by the console, from which nobody can be sent away; what a stranger
brings is looked at in the act itself."""
WAITING = [example for example in ASKED if example.upon_case or example.upon_account]


@pytest.mark.parametrize("example", ASKED, ids=str)
def test_an_act_is_refused_once_its_right_is_gone(sqlite_stage: Stage, example: Example) -> None:
    stage = sqlite_stage
    for trial, removal in trials(stage, example):
        remove(trial, removal)
        standing = stage.store.mark()
        with pytest.raises(TindakError) as refused:
            act(example, trial)
        assert_refused(refused.value, removal)
        assert stage.store.mark() == standing, f"without {removal.name} something was stored"
        assert stage.told == [], f"without {removal.name} somebody was told"


@pytest.mark.parametrize("example", ASKED, ids=str)
def test_an_act_is_done_while_everything_it_rests_on_is_there(
    sqlite_stage: Stage, example: Example
) -> None:
    for trial, _ in trials(sqlite_stage, example):
        act(example, trial)


@pytest.mark.parametrize("example", WAITING, ids=str)
def test_a_right_that_ends_while_an_act_waits_for_its_lock_is_gone(
    postgresql_stage: Stage, example: Example
) -> None:
    stage = postgresql_stage
    for trial, removal in trials(stage, example):
        remove(trial, removal)
        standing = stage.store.mark()
        trial.begin()
        assert_refused(overtaken(example, trial, removal), removal)
        assert stage.store.mark() == standing, f"without {removal.name} something was stored"
        assert stage.told == [], f"without {removal.name} somebody was told"


def trials(stage: Stage, example: Example) -> Iterator[tuple[Trial, Removal]]:
    """The scene anew for each thing that the right rests on, with a session and with a token."""
    stage.reset()
    scene = example.scene(stage)
    scope = stage.scope(example.by, confirmed=example.confirmed)
    moment = stage.keep()
    also = (ACCOUNT, PASSWORD) if example.confirmed else (ACCOUNT,)
    for removal in (*example.rests_on, *(also if scope.token_id is None else ())):
        yield Trial(stage, scope, scene, moment).begin(), removal
    for removal in OF_TOKEN:
        come = scope.token_id is None
        yield Trial(stage, scope, scene, moment, by_token=come).begin(), removal


def remove(trial: Trial, removal: Removal) -> None:
    """Somebody else takes it away."""
    with trial.stage.engine.transaction() as connection:
        removal.take(connection, trial)


def act(example: Example, trial: Trial) -> object:
    """As page, API and command line call it."""
    scene = trial.scene
    return doors()[example.act](trial.stage.service, trial.scope, *scene.args, **scene.kwargs)


def overtaken(example: Example, trial: Trial, removal: Removal) -> object:
    """What comes of the act when it waits for its lock while the right is taken away."""
    engine = trial.stage.engine
    queue = Queue(engine)
    with engine.transaction() as connection:
        hold(connection, trial)
        queue.begin(partial(act, example, trial))
        removal.take(connection, trial)
    [outcome] = queue.outcomes()
    return outcome


def hold(connection: Connection, trial: Trial) -> None:
    """What the act locks first: its case, or the account of whoever acts."""
    if trial.scene.case is None:
        passwords.lock_version(connection, trial.scope.user_id)
    else:
        assert steps.lock(connection, trial.scene.case) is not None


def assert_refused(outcome: object, removal: Removal) -> None:
    """As somebody who may not, or knows of no such thing; or is asked for the password again."""
    if removal is PASSWORD:
        assert isinstance(outcome, BadInput)
        assert "password" in outcome.fields
        return
    assert isinstance(outcome, Forbidden | NotFound), f"without {removal.name}: {outcome!r}"
