"""A recommendation ends over open follow-ups: each is carried over, withdrawn, or left to
finish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden
from processes.acts.service import Service
from processes.cases import carried
from processes.cases.follow_up import follow_up_acts, left_to_finish
from processes.cases.recommendation import recommendation_case, recommendations
from processes.follow_up import decisions
from processes.recommendation import carrying
from processes.storage.cases import remaining_rows
from processes.work import tasks
from tests.engine.racing import Queue, held
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import PLAN, World

OWING = ["kemenperin", "kemenkeu", "tni"]


def row(institution: str, treatment: str) -> dict[str, str]:
    return {"institution": institution, "treatment": treatment, "reason": f"Alasan {institution}."}


REST = [
    row("kemenperin", "carried_over"),
    row("kemenkeu", "withdrawn"),
    row("tni", "left_to_finish"),
]


def before_its_end(world: World) -> UUID:
    """A recommendation whose lead is done, three others being at work, each asking for more time;
    and somebody has proposed to withdraw the whole."""
    id = world.issued(lead=["kemhan"], supporting=OWING, rollup_rule="lead")
    world.do(
        "kemenperin",
        "acknowledge",
        world.follow_up(id, "kemenperin"),
        response="accepted",
        contact="Rina",
    )
    for code in OWING:
        follow_up_acts.request_extension(
            world.service, world.person(code), world.follow_up(id, code),
            deadline=date(2026, 7, 1), reason="Butuh waktu.", letter_number="",
        )  # fmt: skip
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    recommendations.propose_withdrawal(world.service, world.person("deputi"), id, "Usang.")
    world.run()
    return id


def evaluate(world: World, id: UUID, decision: str = "next", rows: Any = REST) -> None:
    world.do("coordinator", "evaluate_overall", id, decision=decision, remaining=rows, **CONCLUSION)


def ended(world: World, decision: str = "next", rows: Any = REST) -> UUID:
    """The recommendation closed as its evaluation and the supervisor say."""
    id = before_its_end(world)
    evaluate(world, id, decision, rows)
    world.do("asdep", "decide_remaining", id, remaining_approved="yes")
    return id


def successor(world: World, id: UUID) -> UUID:
    """The draft that goes on from a recommendation."""
    with world.services[0].reading() as connection:
        found = remaining_rows.successor(connection, id)
    assert found is not None
    return found


def subjects(world: World, to: str) -> list[str]:
    return [mail.subject.split(":")[0] for mail in world.mails(to)]


def asking(institutions: Sequence[str]) -> dict[str, Any]:
    return {
        "lead": list(institutions[:1]), "supporting": list(institutions[1:]),
        "deadline_date": "2026-09-30", "comment_deadline": "2026-08-03",
    }  # fmt: skip


def to_its_issue(world: World, id: UUID, institutions: Sequence[str]) -> UUID:
    """The next recommendation, until only its letter is missing."""
    following = successor(world, id)
    world.register(following, **asking(institutions))
    for code in institutions:
        world.comment(code, following, stance="agree")
    world.finalise(following, final_text="Lanjut.", responses=[])
    world.do("asdep", "approve", following, approved="yes")
    return following


LETTER = {
    "letter_number": "R-2/2026", "letter_date": "2026-01-05", "signatory": "Deputi",
    "proceed_without_users": False,
}  # fmt: skip


def issue_next(world: World, id: UUID, institutions: Sequence[str]) -> UUID:
    following = to_its_issue(world, id, institutions)
    world.do("coordinator", "send_out", following, **LETTER)
    return following


def test_the_supervisor_decides_what_happens_to_each_open_follow_up(world: World) -> None:
    id = before_its_end(world)
    evaluate(world, id)
    assert "decide_remaining" in world.waits_for(id)
    assert {world.case(world.follow_up(id, code)).treatment for code in OWING} == {None}
    world.do("asdep", "decide_remaining", id, remaining_approved="no", notes="TNI dialihkan juga.")
    assert "evaluate_overall" in world.waits_for(id)
    assert world.recommendation(id).status == "evaluate"
    evaluate(world, id)
    world.do("asdep", "decide_remaining", id, remaining_approved="yes")
    assert world.status(id) == "completed"
    assert world.recommendation(id).status == "closed"
    cases = {code: world.case(world.follow_up(id, code)) for code in OWING}
    assert cases["kemenkeu"].status == "withdrawn"
    assert world.waits_for(cases["kemenkeu"].id) == []
    assert "Follow-up withdrawn" in subjects(world, "kemenkeu")
    assert cases["kemenperin"].treatment == "carried_over"
    assert cases["kemenperin"].successor_id == successor(world, id)
    assert world.waits_for(cases["kemenperin"].id) == ["decide_extension", "plan"]
    assert cases["tni"].treatment == "left_to_finish"
    assert world.waits_for(cases["tni"].id) == ["acknowledge", "decide_extension"]
    assert world.service.engine.incidents() == []


def test_a_proposal_that_nobody_has_decided_lapses_and_its_author_is_told(world: World) -> None:
    id = ended(world)
    assert "Your proposal has lapsed" in subjects(world, "deputi")
    with world.service.reading() as connection:
        found = recommendation_case.detail(
            connection, world.person("coordinator"), id, world.clock.now
        )
    assert found.pending_withdrawal is None
    assert [one.lapsed_at is not None for one in found.decisions if one.proposed_at] == [True]


def test_nobody_is_withdrawn_or_carried_over_before_the_supervisor_agrees(
    small_world: World,
) -> None:
    world = small_world
    id = before_its_end(world)
    task = world.task(id, "evaluate_overall")
    for rows in ([], REST[:2], [*REST, REST[0]]):
        with pytest.raises(BadInput) as refused:
            answers = {"decision": "next", "remaining": rows, **CONCLUSION}
            tasks.complete(world.service, world.person("coordinator"), task.id, answers)
        assert any(name.startswith("remaining") for name in refused.value.fields)
    evaluate(world, id)
    with pytest.raises(Conflict):
        left_to_finish.withdraw(
            world.service, world.person("asdep"), world.follow_up(id, "tni"), reason="Usang.",
            letter_number="",
        )  # fmt: skip
    world.wait_days(2)
    assert {world.case(world.follow_up(id, code)).status for code in OWING} == {
        "plan", "acknowledge",
    }  # fmt: skip


@pytest.mark.parametrize("stage", ["plan", "implement", "report", "evaluate"])
def test_what_is_carried_over_ends_without_a_verdict_when_the_next_one_is_issued(
    world: World, stage: str
) -> None:
    id = ended(world)
    old = world.follow_up(id, "kemenperin")
    bring_to(world, old, stage)
    assert world.waits_for(old) == sorted(["decide_extension", stage])
    following = to_its_issue(world, id, ["kemenperin"])
    assert world.waits_for(old) == sorted(["decide_extension", stage]), "owed under the old letter"
    assert world.follow_ups(following) == []
    world.do("coordinator", "send_out", following, **LETTER)
    case = world.case(old)
    new = world.case(world.follow_up(following, "kemenperin"))
    assert (case.status, case.verdict, case.carried_into_id) == ("carried_over", None, new.id)
    assert world.status(old) == "completed"
    assert world.waits_for(old) == []
    assert world.waits_for(new.id) == ["acknowledge"]
    assert "Carried over into the next recommendation" in subjects(world, "kemenperin")
    before = [mail.id for mail in world.mails() if mail.follow_up_id == old]
    world.wait_days(60)
    assert [mail.id for mail in world.mails() if mail.follow_up_id == old] == before
    assert world.case(world.follow_up(id, "tni")).status == "acknowledge", "left to finish"
    assert world.service.engine.incidents() == []


def bring_to(world: World, old: UUID, stage: str) -> None:
    """Kemenperin works on, as before the end of the recommendation."""
    if stage in ("implement", "report", "evaluate"):
        world.do("kemenperin", "plan", old, **PLAN)
    if stage in ("report", "evaluate"):
        world.do("kemenperin", "implement", old, percent=100, narrative="Selesai.", done="yes")
    if stage == "evaluate":
        world.hand_in("kemenperin", old)


def test_a_draft_that_is_discarded_leaves_to_finish_what_was_to_be_carried_over(
    world: World,
) -> None:
    id = ended(world)
    following = successor(world, id)
    coordinator = world.person("coordinator")
    recommendations.propose_withdrawal(world.service, coordinator, following, "Tidak perlu.")
    world.do("deputi", "decide_withdrawal", following, withdraw="yes", reason="Setuju.")
    case = world.case(world.follow_up(id, "kemenperin"))
    assert (case.treatment, case.successor_id) == ("left_to_finish", None)
    assert "plan" in world.waits_for(case.id)
    assert "Left to finish" in subjects(world, "asdep"), "who decided otherwise is told"


def test_an_institution_that_the_draft_drops_is_left_to_finish(world: World) -> None:
    id = ended(world)
    following = to_its_issue(world, id, ["tni"])
    case = world.case(world.follow_up(id, "kemenperin"))
    assert (case.treatment, case.successor_id) == ("left_to_finish", None)
    assert case.left_to_finish_at is not None, "it is dated"
    assert subjects(world, "asdep").count("Left to finish") == 1
    world.do("coordinator", "send_out", following, **LETTER)
    assert world.case(case.id).status == "plan"
    tni = world.case(world.follow_up(id, "tni"))
    new = world.follow_up(following, "tni")
    assert (tni.status, tni.carried_into_id) == ("carried_over", new), "never owed twice"
    assert world.service.engine.incidents() == []


def test_what_was_left_to_finish_two_recommendations_ago_is_not_owed_twice(world: World) -> None:
    id = ended(world)
    second = issue_next(world, id, ["kemenperin"])
    left = world.follow_up(id, "tni")
    assert world.case(left).treatment == "left_to_finish"
    world.finish("kemenperin", world.follow_up(second, "kemenperin"))
    evaluate(world, second, "next", [])
    third = to_its_issue(world, second, ["tni"])
    with world.service.reading() as connection:
        whole = world.recommendation(third)
        coming = carried.into_draft(connection, world.person("coordinator"), whole)
    assert [one.case.id for one in coming] == [left], "the draft says so before"
    world.do("coordinator", "send_out", third, **LETTER)
    case, new = world.case(left), world.follow_up(third, "tni")
    assert (case.status, case.carried_into_id) == ("carried_over", new)
    assert world.status(left) == "completed"
    assert world.service.engine.incidents() == []


def test_who_has_ended_meanwhile_is_not_asked_again_and_the_coordinator_is_told(
    world: World,
) -> None:
    id = ended(
        world,
        rows=[
            row("kemenperin", "carried_over"),
            row("kemenkeu", "carried_over"),
            row("tni", "left_to_finish"),
        ],
    )
    old = world.follow_up(id, "kemenperin")
    bring_to(world, old, "evaluate")
    world.evaluate(old, "conforms")
    assert "Closed after its recommendation" in subjects(world, "coordinator")
    following = issue_next(world, id, ["kemenkeu", "kemenperin"])
    assert {one.institution for one in world.follow_ups(following)} == {"kemenkeu"}
    assert (world.case(old).status, world.case(old).verdict) == ("closed", "conforms")
    assert "Not issued again" in subjects(world, "coordinator")
    assert world.service.engine.incidents() == []


def test_what_is_left_to_finish_runs_on_and_each_late_closing_is_told(world: World) -> None:
    id = ended(world, "close", [row(code, "left_to_finish") for code in OWING])
    first = world.follow_up(id, "kemenperin")
    assert running(world, id) == 3
    bring_to(world, first, "evaluate")
    world.evaluate(first, "conforms")
    assert running(world, id) == 2
    assert subjects(world, "coordinator").count("Closed after its recommendation") == 1
    other = world.follow_up(id, "tni")
    words = {"reason": "Usang.", "letter_number": "C-9/2026"}
    with pytest.raises(Forbidden):
        left_to_finish.withdraw(world.service, world.person("coordinator"), other, **words)
    left_to_finish.withdraw(world.service, world.person("asdep"), other, **words)
    assert world.case(other).status == "withdrawn"
    assert world.status(other) == "completed"
    world.run()
    assert "Follow-up withdrawn" in subjects(world, "tni")
    assert subjects(world, "coordinator").count("Withdrawn after its recommendation") == 1
    with pytest.raises(Conflict):
        left_to_finish.withdraw(world.service, world.person("asdep"), other, **words)
    assert running(world, id) == 1
    assert world.service.engine.incidents() == []


def running(world: World, id: UUID) -> int:
    """How many follow-ups the recommendation reads as still running."""
    with world.service.reading() as connection:
        scope = world.person("coordinator")
        found = recommendation_case.detail(connection, scope, id, world.clock.now)
    assert found.case.status == "closed"
    return found.row.outstanding


# --- at the same moment -------------------------------------------------------------------------


def comes_meanwhile(
    patch: pytest.MonkeyPatch, world: World, module: ModuleType, act: Callable[[], object]
) -> Queue:
    """The act comes while a step of the module has ended the follow-up, but not committed yet."""
    queue, ends = Queue(world.services[0].engine), module._end
    patch.setattr(module, "_end", lambda *given: (ends(*given), patch.undo(), queue.begin(act)))
    return queue


def two(world: World) -> tuple[Service, Service]:
    """Two processes on PostgreSQL; on SQLite two threads of the one that serves."""
    first, second = world.services
    return (first, first if first.engine.database.is_sqlite else second)


@pytest.mark.parametrize("closing_first", [True, False])
def test_of_a_closing_and_an_issue_at_the_same_moment_one_comes_first(
    world: World, monkeypatch: pytest.MonkeyPatch, closing_first: bool
) -> None:
    id = ended(world)
    old = world.follow_up(id, "kemenperin")
    bring_to(world, old, "evaluate")
    following = to_its_issue(world, id, ["kemenperin"])
    verdict, send_out = world.task(old, "evaluate").id, world.task(following, "send_out").id
    coordinator, (one, other) = world.person("coordinator"), two(world)

    def close() -> object:
        return tasks.complete(one, coordinator, verdict, {"verdict": "conforms"})

    def issue() -> object:
        return tasks.complete(other, coordinator, send_out, LETTER)

    if closing_first:
        queue = comes_meanwhile(monkeypatch, world, decisions, issue)
        first = close()
    else:
        queue = comes_meanwhile(monkeypatch, world, carrying, close)
        first = issue()
    [second] = queue.outcomes()
    world.run()
    assert isinstance(first, tasks.Outcome)
    new = [case.institution for case in world.follow_ups(following)]
    if closing_first:
        assert isinstance(second, tasks.Outcome)
        assert (world.case(old).status, new) == ("closed", [])
    else:
        assert isinstance(second, BadInput | Conflict), second
        assert (world.case(old).status, new) == ("carried_over", ["kemenperin"])
    assert world.status(old) == "completed"
    assert world.service.engine.incidents() == []


def test_nothing_is_decided_of_a_case_that_was_carried_over_a_moment_ago(world: World) -> None:
    id = ended(world)
    old = world.follow_up(id, "kemenperin")
    following = to_its_issue(world, id, ["kemenperin"])
    decision, plan = world.task(old, "decide_extension"), world.task(old, "plan")
    send_out, coordinator = world.task(following, "send_out"), world.person("coordinator")
    tasks.complete(world.service, coordinator, send_out.id, LETTER)
    case = world.case(old)
    assert (case.status, world.status(old)) == ("carried_over", "active"), (
        "the message is on its way"
    )
    answers = {"decision": "granted", "reason": "Cukup.", "new_deadline": "2026-07-15"}
    with pytest.raises(BadInput, match="Carried over"):
        tasks.complete(world.service, world.person("deputi"), decision.id, answers)
    with pytest.raises(Conflict, match="Carried over"):
        tasks.extend(
            world.service, world.person("deputi"), plan.id, date(2026, 9, 30), "Banjir.",
            case_too=True,
        )  # fmt: skip
    assert world.case(old).deadline == case.deadline
    world.run()
    assert world.status(old) == "completed"
    assert world.service.engine.incidents() == []


@pytest.mark.parametrize("discarded_first", [True, False])
def test_of_a_discarding_and_an_issue_at_the_same_moment_one_comes_first(
    world: World, discarded_first: bool
) -> None:
    id = ended(world)
    old = world.follow_up(id, "kemenperin")
    following = to_its_issue(world, id, ["kemenperin"])
    coordinator, (one, other) = world.person("coordinator"), two(world)
    recommendations.propose_withdrawal(world.service, coordinator, following, "Tidak perlu.")
    world.run()
    decide, send_out = world.task(following, "decide_withdrawal"), world.task(following, "send_out")
    yes = {"withdraw": "yes", "reason": "Setuju."}

    def discard() -> object:
        return tasks.complete(one, world.person("deputi"), decide.id, yes)

    def issue() -> object:
        return tasks.complete(other, coordinator, send_out.id, LETTER)

    with held(world.services[0].engine, send_out.instance_id) as queue:
        for act in (discard, issue) if discarded_first else (issue, discard):
            queue.begin(act)
    queue.outcomes()
    world.run()
    world.run()
    assert world.recommendation(following).status == "withdrawn"
    new = world.follow_ups(following)
    if discarded_first:
        assert (world.case(old).treatment, new) == ("left_to_finish", [])
        assert "plan" in world.waits_for(old)
    else:  # issued, and then withdrawn as a whole: the work had gone on there
        assert world.case(old).status == "carried_over"
        assert [case.status for case in new] == ["withdrawn"]
    assert world.service.engine.incidents() == []
