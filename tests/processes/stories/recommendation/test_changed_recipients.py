"""Institutions that are added or taken out after the issue."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.sentences.errors import BadInput, Conflict, Forbidden
from processes.cases.follow_up import follow_ups
from processes.cases.recommendation import recipients, recommendation_case, recommendations
from processes.cases.recommendation.recommendation_case import Detail
from processes.composition import shipped_files
from processes.people import institutions
from processes.people.institutions import Ending
from processes.register.groups import Group
from processes.storage.cases.past import follow_up_past
from processes.storage.people.users import Grants
from processes.work import tasks
from tests.engine.racing import held
from tests.processes.stories.recommendation.test_withdrawal import bring_to, withdraw
from tests.processes.stories.test_at_once import at_once
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import World, enter

LETTER = {"letter_number": "U-7/2026", "reason": "Tugas beralih."}


def added(institution: str, role: str = "supporting", deadline: str = "2026-05-29") -> Any:
    return {"institution": institution, "role": role, "deadline": deadline}


def propose(world: World, id: UUID, *new: Any, out: tuple[str, ...] = (), **more: Any) -> None:
    change = {"added": list(new), "taken_out": list(out), **LETTER, **more}
    recipients.propose(world.service, world.person("coordinator"), id, change)
    world.run()


def decide(world: World, id: UUID, answer: str = "yes", **more: Any) -> None:
    world.do("asdep", "decide_recipients", id, recipients_approved=answer, **more)


def refused(world: World, id: UUID, *new: Any, out: tuple[str, ...] = (), **more: Any) -> set[str]:
    with pytest.raises(BadInput) as complaint:
        propose(world, id, *new, out=out, **more)
    return set(complaint.value.fields)


def detail(world: World, id: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return recommendation_case.detail(connection, world.person(who), id, world.clock.now)


def told(world: World, who: str, id: UUID) -> list[str]:
    """The sentences of a follow-up's timeline, as their templates."""
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person(who), id, world.clock.now)
    return [one.sentence.template for one in found.timeline]


def test_an_added_institution_gets_its_follow_up_and_works_like_all_others(world: World) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"))
    assert world.waits_for(id) == ["decide_recipients"]
    assert len(world.follow_ups(id)) == 2, "nothing begins before the decision"
    decide(world, id)
    case = world.case(world.follow_up(id, "kemenkeu"))
    assert (case.role, case.deadline, case.status) == (
        "supporting",
        date(2026, 5, 29),
        "acknowledge",
    )
    assert detail(world, id).institutions["kemenkeu"] == "supporting"
    assert any("Recommendation to follow up" in one.subject for one in world.mails("kemenkeu"))
    assert "Added to the recommendation by letter {letter}" in told(world, "kemenkeu", case.id)
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(id, institution))
    assert world.waits_for(id) == [], "the added one is still awaited"
    world.finish("kemenkeu", case.id)
    assert world.waits_for(id) == ["evaluate_overall"]


@pytest.mark.parametrize("stage", ["acknowledge", "implement", "evaluate"])
def test_who_is_taken_out_ends_as_withdrawn_and_the_rest_goes_on(world: World, stage: str) -> None:
    id = world.issued(lead=["kemhan", "kemenperin"], supporting=["kemenkeu"])
    left = world.follow_up(id, "kemhan")
    bring_to(world, left, stage)
    propose(world, id, out=("kemhan",))
    decide(world, id)
    assert (world.case(left).status, world.status(left)) == ("withdrawn", "completed")
    assert world.waits_for(left) == []
    found = detail(world, id)
    assert (found.row.groups[Group.WITHDRAWN], found.row.outstanding) == (1, 2)
    assert "kemhan" not in found.institutions
    subjects = [one.subject for one in world.mails("kemhan")]
    assert any(one.startswith("Your institution was taken out") for one in subjects)
    assert not any(one.startswith("Recommendation withdrawn") for one in subjects)
    assert "Taken out of the recommendation by letter {letter}" in told(world, "kemhan", left)
    assert detail(world, id, "kemhan").case.id == id, "it may still read what it worked on"
    with world.service.reading() as connection:
        stages = connection.scalars(
            select(follow_up_past.c.status).where(follow_up_past.c.follow_up_id == left)
        ).all()
    assert "withdrawn" in stages, "the end is a dated row"
    for institution in ("kemenperin", "kemenkeu"):
        world.finish(institution, world.follow_up(id, institution))
    assert world.waits_for(id) == ["evaluate_overall"]


def test_the_recommendation_is_complete_once_the_last_open_institution_is_taken_out(
    world: World,
) -> None:
    id = world.issued()
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    assert world.waits_for(id) == []
    propose(world, id, out=("kemenperin",))
    decide(world, id)
    world.run()
    assert world.waits_for(id) == ["evaluate_overall"], "nobody is left to wait for"


def copy(institution: str) -> Any:
    return {"institution": institution, "role": "information"}


def test_who_is_added_for_information_gets_the_copy_and_owes_nothing(world: World) -> None:
    id = world.issued()
    propose(world, id, copy("kemenkeu"))
    assert world.mails("kemenkeu") == [], "nothing is sent before the decision"
    decide(world, id)
    (letter,) = world.mails("kemenkeu")
    assert letter.subject.startswith("Copy for information: REK-2026-0001")
    assert detail(world, id).institutions["kemenkeu"] == "information"
    assert detail(world, id, "kemenkeu").case.id == id, "it reads what it got a copy of"
    assert len(world.follow_ups(id)) == 2
    assert listed_copies(world, "kemenkeu") == [id]
    assert refused(world, id, copy("kemenkeu")) == {"added[0].institution"}
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(id, institution))
    assert world.waits_for(id) == ["evaluate_overall"], "a copy is not waited for"


def test_a_copy_is_ended_by_letter_and_its_institution_told(world: World) -> None:
    id = world.issued(information=["kemenkeu"])
    propose(world, id, out=("kemenkeu",))
    before = len(world.mails())
    decide(world, id)
    (letter,) = [one for one in world.mails()[before:] if one.to_user == "kemenkeu"]
    assert letter.subject.startswith("No copies any more: REK-2026-0001")
    assert "kemenkeu" not in detail(world, id).institutions
    assert listed_copies(world, "kemenkeu") == []
    assert world.waits_for(id) == []
    propose(world, id, copy("kemenkeu"))
    decide(world, id)
    assert listed_copies(world, "kemenkeu") == [id], "it may be added again"


def listed_copies(world: World, who: str) -> list[UUID]:
    with world.service.reading() as connection:
        page = recommendations.copies(connection, world.person(who))
    return [one.id for one in page.items]


def test_a_lead_is_replaced_by_another_in_one_letter(world: World) -> None:
    id = world.issued(rollup_rule="lead")
    propose(world, id, added("kemenkeu", "lead"), out=("kemhan",))
    decide(world, id)
    assert world.waits_for(id) == [], "the new lead decides now"
    world.finish("kemenkeu", world.follow_up(id, "kemenkeu"))
    assert world.waits_for(id) == ["evaluate_overall"]


def test_a_change_refused_changes_nothing_and_may_be_proposed_again(world: World) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"), out=("kemenperin",))
    with pytest.raises(BadInput) as complaint:
        decide(world, id, "no")
    assert set(complaint.value.fields) == {"reason"}
    decide(world, id, "no", reason="Belum perlu.")
    assert {row.institution for row in world.follow_ups(id)} == {"kemhan", "kemenperin"}
    assert world.case(world.follow_up(id, "kemenperin")).status == "acknowledge"
    propose(world, id, added("tni"))
    decide(world, id)
    assert "tni" in {row.institution for row in world.follow_ups(id)}
    assert [one.approved for one in detail(world, id).recipients_changes] == [False, True]


def test_one_change_at_a_time_waits_for_its_decision(world: World) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"))
    with pytest.raises(Conflict, match="has not been decided yet"):
        propose(world, id, added("tni"))
    pending = detail(world, id).pending_change
    assert pending and [one["institution"] for one in pending.added] == ["kemenkeu"]


def test_institutions_change_after_the_issue_and_before_the_end_only(world: World) -> None:
    draft = world.propose()
    with pytest.raises(Conflict, match="changed in the draft"):
        propose(world, draft, added("kemenkeu"))
    id = world.issued()
    withdraw(world, id)
    with pytest.raises(Conflict, match="has ended"):
        propose(world, id, added("kemenkeu"))


def test_an_institution_proposes_no_change(small_world: World) -> None:
    id = small_world.issued()
    change = {"added": [added("tni")], "taken_out": [], **LETTER}
    with pytest.raises(Forbidden):
        recipients.propose(small_world.service, small_world.person("kemhan"), id, change)


def test_a_change_that_cannot_be_carried_out_is_refused_on_its_row(small_world: World) -> None:
    world = small_world
    id = world.issued()
    assert refused(world, id) == {"added"}
    assert refused(world, id, added("kemhan")) == {"added[0].institution"}
    assert refused(world, id, added("tni"), added("tni", "lead")) == {"added[1].institution"}
    assert refused(world, id, added("atlantis")) == {"added[0].institution"}
    assert refused(world, id, added("tni", "information")) == {"added[0].deadline"}
    assert refused(world, id, added("tni", deadline="")) == {"added[0].deadline"}
    assert refused(world, id, copy("kemhan")) == {"added[0].institution"}
    assert refused(world, id, added("tni", deadline="2026-01-05")) == {"added[0].deadline"}
    assert refused(world, id, out=("tni",)) == {"taken_out"}
    assert refused(world, id, out=("kemhan",)) == {"taken_out"}, "the last lead stays"
    assert refused(world, id, added("tni"), letter_number=" ") == {"letter_number"}
    assert refused(world, id, added("tni"), reason="") == {"reason"}
    assert world.waits_for(id) == []


def test_who_was_taken_out_or_has_finished_is_not_added_or_taken_out_again(
    small_world: World,
) -> None:
    world = small_world
    id = world.issued(supporting=["kemenperin", "kemenkeu"])
    propose(world, id, out=("kemenperin",))
    decide(world, id)
    assert refused(world, id, added("kemenperin")) == {"added[0].institution"}
    assert refused(world, id, out=("kemenperin",)) == {"taken_out"}
    world.finish("kemenkeu", world.follow_up(id, "kemenkeu"))
    assert refused(world, id, out=("kemenkeu",)) == {"taken_out"}


def test_what_has_become_impossible_meanwhile_is_not_approved(small_world: World) -> None:
    world = small_world
    id = world.issued()
    propose(world, id, out=("kemenperin",))
    world.finish("kemenperin", world.follow_up(id, "kemenperin"))
    with pytest.raises(BadInput) as complaint:
        decide(world, id)
    assert set(complaint.value.fields) == {"recipients_approved"}
    decide(world, id, "no", reason="Sudah selesai.")


def test_who_gets_no_new_work_any_more_is_not_added(world: World) -> None:
    id = world.issued()
    ending = Ending(date(2026, 1, 31), None, "Perpres 1/2026")
    institutions.close(world.service, world.person("admin"), "kemenkeu", ending)
    assert refused(world, id, added("kemenkeu")) == {"added[0].institution"}


def closed(world: World, id: UUID) -> None:
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(id, institution))
    world.do("coordinator", "evaluate_overall", id, decision="close", **CONCLUSION)


@pytest.mark.parametrize("end", [closed, withdraw])
def test_a_change_still_pending_at_the_end_lapses_and_who_proposed_it_is_told(
    world: World, end: Any
) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"))
    decision = world.task(id, "decide_recipients")
    end(world, id)
    assert world.waits_for(id) == []
    [change] = detail(world, id).recipients_changes
    assert (change.approved, change.lapsed_at is None) == (None, False)
    assert detail(world, id).pending_change is None
    assert world.mails("coordinator")[-1].subject.startswith("Your proposal has lapsed")
    answers = {"recipients_approved": "yes"}
    with pytest.raises(Conflict):
        tasks.complete(world.service, world.person("asdep"), decision.id, answers)
    assert "kemenkeu" not in {row.institution for row in world.follow_ups(id)}


def test_a_withdrawal_and_a_change_that_wait_at_the_end_both_lapse(world: World) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"))
    recommendations.propose_withdrawal(world.service, world.person("deputi"), id, "Usang.")
    world.run()
    closed(world, id)
    for who in ("coordinator", "deputi"):
        assert lapses(world, who) == 1, who
    assert detail(world, id).pending_withdrawal is None


def test_of_a_lapse_whoever_may_not_read_the_case_any_more_is_not_told(world: World) -> None:
    with world.service.transaction() as connection:
        ani = enter(connection, "ani", Grants({"coordinator": None}, frozenset()))
    id = world.issued(classification="secret")
    propose(world, id, added("kemenkeu"))
    world.lower_clearance("coordinator", "ordinary")
    world.scopes["coordinator"] = ani
    closed(world, id)
    assert (lapses(world, "ani"), lapses(world, "coordinator")) == (1, 0)


def lapses(world: World, who: str) -> int:
    return sum(one.subject.startswith("Your proposal has lapsed") for one in world.mails(who))


def test_a_withdrawal_and_a_change_wait_side_by_side(world: World) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"))
    coordinator = world.person("coordinator")
    recommendations.propose_withdrawal(world.service, coordinator, id, "Kebijakan berubah.")
    assert world.waits_for(id) == ["decide_recipients", "decide_withdrawal"]
    decide(world, id)
    world.do("deputi", "decide_withdrawal", id, withdraw="yes", reason="Setuju.")
    world.run()
    assert {row.status for row in world.follow_ups(id)} == {"withdrawn"}
    assert {world.status(row.id) for row in world.follow_ups(id)} == {"completed"}


def test_who_is_taken_out_before_its_follow_up_began_never_begins_to_work(
    small_world: World,
) -> None:
    world = small_world
    id = world.issued()
    running, world.run = world.run, lambda: 0  # type: ignore[method-assign]  # the worker is down
    propose(world, id, added("kemenkeu"))
    decide(world, id)
    propose(world, id, out=("kemenkeu",))
    decide(world, id)
    world.run = running  # type: ignore[method-assign]  # and up again
    world.run()
    left = world.follow_up(id, "kemenkeu")
    assert (world.case(left).status, world.status(left)) == ("withdrawn", "completed")


def test_of_two_changes_proposed_at_once_one_waits_and_the_other_is_refused(world: World) -> None:
    id = world.issued()
    services, coordinator = at_once(world), world.person("coordinator")
    with held(services[0].engine, world.instance(id)) as queue:
        for service, code in zip(services, ("kemenkeu", "tni"), strict=True):
            change = {"added": [added(code)], "taken_out": [], **LETTER}
            queue.begin(partial(recipients.propose, service, coordinator, id, change))
    assert sum(isinstance(one, Conflict) for one in queue.outcomes()) == 1
    assert world.waits_for(id) == ["decide_recipients"]
    assert len(detail(world, id).recipients_changes) == 1
    assert world.service.engine.incidents() == []


def test_a_change_is_decided_or_lapses_when_the_recommendation_closes_at_the_same_moment(
    world: World,
) -> None:
    id = world.issued()
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(id, institution))
    propose(world, id, added("kemenkeu"))
    services = at_once(world)
    closing, deciding = world.task(id, "evaluate_overall"), world.task(id, "decide_recipients")
    answers = {"decision": "close", **CONCLUSION, "remaining_treatment": "Dipantau."}
    yes = {"recipients_approved": "yes"}
    with held(services[0].engine, world.instance(id)) as queue:
        queue.begin(
            partial(tasks.complete, services[0], world.person("coordinator"), closing.id, answers)
        )
        queue.begin(partial(tasks.complete, services[1], world.person("asdep"), deciding.id, yes))
    refusals = [one for one in queue.outcomes() if isinstance(one, Exception)]
    world.run()
    [change] = detail(world, id).recipients_changes
    began = "kemenkeu" in {row.institution for row in world.follow_ups(id)}
    assert (change.approved is True, change.lapsed_at is None) == (began, began)
    assert [type(one) for one in refusals] == ([] if began else [Conflict])
    assert world.status(id) == "completed"
    assert world.service.engine.incidents() == []


def test_a_case_of_a_version_without_the_track_says_so_and_keeps_nothing(
    small_world: World,
) -> None:
    world = small_world
    files = shipped_files("recommendation")
    drawing, form = files["recommendation.bpmn"], b'name="form" value="recipients_change"'
    files["recommendation.bpmn"] = drawing.replace(form, b'name="x" value="x"')
    del files["recipients_change.form"]
    world.service.engine.deploy(files, "owner")
    id = world.issued()
    with pytest.raises(Conflict, match="runs by an earlier version of the process"):
        propose(world, id, added("kemenkeu"))
    assert world.waits_for(id) == []


def test_an_added_institution_may_join_while_the_whole_is_evaluated(world: World) -> None:
    id = world.issued()
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(id, institution))
    propose(world, id, added("kemenkeu"))
    decide(world, id)
    assert world.waits_for(id) == ["evaluate_overall"]
    assert world.waits_for(world.follow_up(id, "kemenkeu")) == ["acknowledge"]
