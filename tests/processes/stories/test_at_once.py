"""Two services act on one recommendation at the same moment: each act counts once."""

from __future__ import annotations

from sqlalchemy import func, select

from engine import Conflict
from engine.storage import tables
from processes.acts.service import Service
from processes.work import tasks
from tests.engine.racing import held
from tests.processes.stories.world import World


def at_once(world: World) -> tuple[Service, Service]:
    """Two processes on PostgreSQL; on SQLite two threads of the one that serves."""
    first, second = world.services
    return (first, first if first.engine.database.is_sqlite else second)


def kinds(world: World, case: object) -> list[str]:
    """What happened to a case, by kind of event."""
    return [event.kind for event in world.service.engine.history(case)]  # type: ignore[arg-type]


def test_two_follow_ups_that_close_at_once_are_both_counted_by_their_recommendation(
    world: World,
) -> None:
    recommendation = world.issued()
    owner = world.instance(recommendation)
    both = {who: world.follow_up(recommendation, who) for who in ("kemhan", "kemenperin")}
    for who, follow_up in both.items():
        world.to_report(who, follow_up)
        world.hand_in(who, follow_up)
    for follow_up in both.values():
        task = world.task(follow_up, "evaluate")
        tasks.complete(world.service, world.person("coordinator"), task.id, {"verdict": "conforms"})
    assert {world.status(follow_up) for follow_up in both.values()} == {"completed"}

    # Both workers have taken the same report of a closing before either can deliver it.
    workers = at_once(world)
    with held(workers[0].engine, owner) as queue:
        for worker in workers:
            queue.begin(worker.engine.run_due)
    assert all(isinstance(ran, int) for ran in queue.outcomes())
    world.run()

    # The first report finds both closed in the register; the second finds the meeting called.
    assert kinds(world, owner).count("message") == 1
    assert world.service.engine.broken_history(owner) is None
    assert {row.status for row in world.follow_ups(recommendation)} == {"closed"}
    assert world.waits_for(recommendation) == ["evaluate_overall"]
    assert world.service.engine.incidents() == []


def test_a_recommendation_that_two_people_send_out_at_once_is_issued_once(world: World) -> None:
    recommendation = world.propose()
    world.register(recommendation)
    for who in ("kemhan", "kemenperin"):
        world.comment(who, recommendation, stance="agree")
    world.finalise(recommendation, final_text="Satu.", responses=[])
    world.do("asdep", "approve", recommendation, approved="yes")
    task = world.task(recommendation, "send_out")
    letter = {
        "letter_number": "R-1/2026", "letter_date": "2026-01-05", "signatory": "Deputi",
        "proceed_without_users": False,
    }  # fmt: skip
    with held(world.services[0].engine, task.instance_id) as queue:
        for service in at_once(world):
            queue.begin(
                lambda service=service: tasks.complete(  # type: ignore[misc]
                    service, world.person("coordinator"), task.id, letter
                )
            )
    done, refused = queue.outcomes()
    assert isinstance(done, tasks.Outcome)
    assert isinstance(refused, Conflict)

    # Two workers start the follow-ups; each (recommendation, institution) begins once.
    world.clock.advance(minutes=1)
    for service in world.services:
        service.engine.run_due()
    started = world.follow_ups(recommendation)
    assert sorted(row.institution for row in started) == ["kemenperin", "kemhan"]
    with world.service.reading() as connection:
        count = select(func.count()).where(tables.instance.c.key == "follow_up")
        assert connection.scalar(count) == 2
    assert [kinds(world, row.instance_id) for row in started] == [["start"], ["start"]]
