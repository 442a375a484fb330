"""A process owner removes the forms: the register stays correct all the same."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput
from processes.composition import shipped_files
from processes.work import tasks
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import ACCEPTED, PLAN, PROGRESS, REPORT, World


@pytest.fixture
def bare_world(small_world: World) -> World:
    """A world whose processes ask nothing and take any answer."""
    for key in ("follow_up", "recommendation"):
        files = {
            name: re.sub(rb' camunda:formRef(Binding)?="[^"]*"', b"", content)
            for name, content in shipped_files(key).items()
            if not name.endswith(".form")
        }
        small_world.service.engine.deploy(files, "owner")
    return small_world


def refused(world: World, who: str, case: UUID, element: str, **answers: Any) -> set[str]:
    """The fields for which an answer is refused; the task stays open."""
    task = world.task(case, element)
    with pytest.raises(BadInput) as complaint:
        tasks.complete(world.service, world.person(who), task.id, answers)
    assert world.task(case, element).id == task.id
    return set(complaint.value.fields)


def test_every_task_of_a_follow_up_still_refuses_what_the_register_cannot_keep(
    bare_world: World,
) -> None:
    world = bare_world
    case = world.follow_up(world.issued(), "kemhan")
    assert refused(world, "kemhan", case, "acknowledge") == {"response", "contact"}
    future = {**ACCEPTED, "response": "disagree", "received_on": "2027-01-01"}
    assert refused(world, "kemhan", case, "acknowledge", **future) == {"explanation", "received_on"}
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    assert refused(world, "kemhan", case, "plan", activities="all") == {"unit", "activities"}
    world.do("kemhan", "plan", case, **PLAN)
    wrong = {"percent": 120, "evidence": ["not an id"]}
    assert refused(world, "kemhan", case, "implement", **wrong) == {
        "percent",
        "narrative",
        "done",
        "evidence",
    }
    world.do("kemhan", "implement", case, **PROGRESS)
    wrong = {**REPORT, "letter_date": "2027-01-01", "claimed_status": "perhaps", "subject": ""}
    assert refused(world, "kemhan", case, "report", **wrong) == {
        "letter_date",
        "claimed_status",
        "subject",
    }
    stranger = str(world.upload("kemenperin", world.task(case, "report")))
    assert refused(world, "kemhan", case, "report", **REPORT, evidence=[stranger]) == {"evidence"}
    world.do("kemhan", "report", case, **REPORT)
    assert refused(world, "coordinator", case, "evaluate") == {"verdict"}
    returned = {"verdict": "not_yet_conforms", "rework_deadline": "2026-01-05"}
    assert refused(world, "coordinator", case, "evaluate", **returned) == {
        "notes",
        "rework_deadline",
    }
    grounds = {"verdict": "cannot_be_followed_up", "notes": "x", "reason": "mood"}
    assert refused(world, "coordinator", case, "evaluate", **grounds) == {"reason", "basis"}
    world.evaluate(case, "cannot_be_followed_up", notes="x", reason="court", basis="Putusan")
    assert refused(world, "asdep", case, "decide_not_feasible") == {"approved", "consideration"}


def test_a_question_and_a_disagreement_still_need_their_words(bare_world: World) -> None:
    world = bare_world
    recommendation = world.issued()
    asking = world.follow_up(recommendation, "kemhan")
    question = {"response": "clarification", "contact": "R", "explanation": "Apa?"}
    world.do("kemhan", "acknowledge", asking, **question)
    assert refused(world, "coordinator", asking, "answer_clarification") == {"answer"}
    against = world.follow_up(recommendation, "kemenperin")
    world.do("kemenperin", "acknowledge", against, **{**question, "response": "disagree"})
    unclear = {"review": "changed"}
    assert refused(world, "coordinator", against, "review_disagreement", **unclear) == {
        "consideration",
        "changed_text",
    }


def test_every_task_of_a_recommendation_still_refuses_what_the_register_cannot_keep(
    bare_world: World,
) -> None:
    world = bare_world
    case = world.propose()
    missing = refused(world, "coordinator", case, "register")
    assert {"title", "text", "priority", "classification", "deadline_kind", "lead"} <= missing
    world.register(case)
    comment = next(t for t in world.open_tasks(case) if t.element_id == "comment")
    who = comment.candidate_groups[0].removeprefix("institution:")
    with pytest.raises(BadInput) as complaint:
        tasks.complete(world.service, world.person(who), comment.id, {"stance": "disagree"})
    assert set(complaint.value.fields) == {"notes"}
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, case, stance="agree")
    assert refused(world, "coordinator", case, "finalise") == {"final_text"}
    world.do("coordinator", "finalise", case, final_text="Satu.")
    assert refused(world, "asdep", case, "approve", approved="no") == {"notes"}
    world.do("asdep", "approve", case, approved="yes")
    letter = {"letter_number", "letter_date", "signatory"}
    assert refused(world, "coordinator", case, "send_out") == letter
    world.do("coordinator", "send_out", case, letter_number="R", letter_date="2026-01-05",
             signatory="Deputi")  # fmt: skip
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(case, institution))
    assert refused(world, "coordinator", case, "evaluate_overall", **CONCLUSION) == {"decision"}
