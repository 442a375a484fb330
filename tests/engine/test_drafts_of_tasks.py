"""What somebody has typed for a task: the newest text, and what it was saved over."""

from __future__ import annotations

from datetime import timedelta

from engine import Engine
from engine.storage.cases import drafts
from engine.time.clock import ManualClock
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    event,
    exclusive,
    flow,
    process,
    start,
    user_task,
)
from tests.engine.models_of_tests import REVIEW, only_task

ASKED_AGAIN = {
    "again.bpmn": bpmn(
        process(
            "again",
            start(),
            user_task("write", camunda_candidateGroups="authors"),
            boundary("back", "write", event("message", "back")),
            exclusive("enough", default="enough_to_done"),
            end("done"),
            flow("start", "write"),
            flow("back", "write"),
            flow("write", "enough"),
            flow("enough", "write", "more"),
            flow("enough", "done"),
        )
    )
}
"""Write once, or `more` than once, or again because a message comes in between."""


def test_what_is_saved_over_is_kept_where_that_is_asked_and_in_a_bounded_number(
    engine: Engine,
) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    for number in range(drafts.PAST + 3):
        engine.save_draft(task.id, "ani", {"text": number}, aside=True)
    engine.save_draft(task.id, "ani", {"text": "last"})
    engine.save_draft(task.id, "budi", {"text": "other"}, aside=True)

    assert engine.draft(task.id, "ani").data == {"text": "last"}  # type: ignore[union-attr]
    kept = [one.data["text"] for one in engine.past_drafts(task.id, "ani")]
    assert kept == list(range(drafts.PAST + 1, 1, -1)), "newest first"
    assert engine.past_drafts(task.id, "budi") == []


def test_of_an_ended_task_only_what_it_was_completed_with_stays_for_a_year(
    engine: Engine, clock: ManualClock
) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    for who in ("ani", "budi"):
        for text in ("first", "second"):
            engine.save_draft(task.id, who, {"text": text}, aside=True)
    engine.complete(task.id, {}, "ani")

    with engine.transaction() as connection:
        drafts.delete_ended(connection, clock.now)
    assert engine.draft(task.id, "ani") is not None
    assert engine.draft(task.id, "budi") is None
    assert engine.past_drafts(task.id, "ani") == []

    with engine.transaction() as connection:
        drafts.delete_ended(connection, clock.now + drafts.FINISHED + timedelta(days=1))
    assert engine.draft(task.id, "ani") is None


def test_what_was_typed_for_a_task_that_was_taken_away_counts_when_the_same_is_asked_again(
    engine: Engine, clock: ManualClock
) -> None:
    engine.deploy(ASKED_AGAIN, "owner")
    case = engine.start("again", {"more": False}, business_key="a")
    first = only_task(engine, case)
    engine.save_draft(first.id, "ani", {"text": "half"})
    engine.save_draft(first.id, "ani", {"text": "whole"})
    clock.advance(minutes=1)
    engine.deliver("back", "a", {}, wait=False)
    with engine.transaction() as connection:
        drafts.delete_ended(connection, clock.now)
    second = only_task(engine, case)
    found = engine.draft(second.id, "ani")
    assert found is not None
    assert (second.id != first.id, found.data, found.version) == (True, {"text": "whole"}, 2)
    assert engine.draft(second.id, "budi") is None
    assert engine.save_draft(second.id, "ani", {"text": "new"}).version == 3
    assert engine.draft(first.id, "ani").data == {"text": "whole"}  # type: ignore[union-attr]

    engine.complete(second.id, {}, "ani")
    with engine.transaction() as connection:
        drafts.delete_ended(connection, clock.now)
    assert engine.draft(first.id, "ani") is None, "the case has ended"


def test_what_a_task_was_completed_with_is_no_beginning_of_the_next_one(
    engine: Engine, clock: ManualClock
) -> None:
    engine.deploy(ASKED_AGAIN, "owner")
    case = engine.start("again", {"more": True}, business_key="a")
    first = only_task(engine, case)
    engine.save_draft(first.id, "ani", {"text": "sent"})
    clock.advance(minutes=1)
    engine.complete(first.id, {}, "ani")
    assert engine.draft(only_task(engine, case).id, "ani") is None
