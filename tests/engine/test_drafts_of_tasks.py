"""What somebody has typed for a task: the newest text, and what it was saved over."""

from __future__ import annotations

from datetime import timedelta

from engine import Engine
from engine.storage.cases import drafts
from engine.time.clock import ManualClock
from tests.engine.models_of_tests import REVIEW, only_task


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
