"""A check before sending completes a task and takes it back."""

from __future__ import annotations

import pytest

from engine.sentences.errors import BadInput, Forbidden
from processes.work import tasks
from processes.work.rehearsal import rehearse
from tests.processes.stories.world import REPORT, World


def test_a_rehearsal_says_what_sending_would_say_and_does_nothing(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    task, kemhan = world.task(follow_up, "report"), world.person("kemhan")
    answers = {**REPORT, "evidence": [str(world.upload("kemhan", task))]}
    before = world.service.engine.history(task.instance_id)

    late = {**answers, "letter_date": "2030-01-14"}
    with pytest.raises(BadInput) as refused:
        tasks.complete(world.service, kemhan, task.id, late)
    with pytest.raises(BadInput) as said_before:
        rehearse(world.service, kemhan, tasks.complete, task.id, late)
    assert said_before.value.fields == refused.value.fields
    assert set(refused.value.fields) == {"letter_date"}
    for _ in range(2):
        rehearse(world.service, kemhan, tasks.complete, task.id, answers)

    assert world.service.engine.history(task.instance_id) == before
    assert world.task(follow_up, "report").id == task.id
    done = tasks.complete(world.service, kemhan, task.id, answers)
    assert done.receipt_number == "TT-2026-0001", "no number was lost"


def test_a_rehearsal_asks_for_the_same_rights(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    task = world.task(follow_up, "acknowledge")
    with pytest.raises(Forbidden):
        rehearse(world.service, world.person("coordinator"), tasks.complete, task.id, {})
