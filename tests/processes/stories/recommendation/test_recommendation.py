"""A recommendation before it is issued, and its count of closed follow-ups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.sentences.errors import BadInput
from processes.cases.recommendation import recommendation_case, recommendations
from processes.work import tasks
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import REGISTRATION, World


def test_the_round_of_comments_ends_when_all_have_answered(world: World) -> None:
    recommendation = world.propose()
    world.register(recommendation)
    assert world.waits_for(recommendation) == ["comment", "comment"]
    world.comment("kemhan", recommendation, stance="agree")
    world.comment("kemenperin", recommendation, stance="agree_with_notes", notes="Perjelas.")
    assert world.waits_for(recommendation) == ["finalise"]


def test_one_comment_is_kept_when_the_deadline_cuts_the_round_short(world: World) -> None:
    recommendation = world.propose()
    world.register(recommendation)
    world.comment("kemhan", recommendation, stance="disagree", notes="Terlalu luas.")
    world.wait_until(world.at(date(2026, 1, 20)))
    assert world.waits_for(recommendation) == ["finalise"]
    task = world.task(recommendation, "finalise")
    coordinator = world.person("coordinator")
    with pytest.raises(BadInput) as refused:
        tasks.complete(
            world.service, coordinator, task.id, {**world.draft(recommendation), "responses": []}
        )
    assert "responses" in refused.value.fields, "what was asked must be answered"
    answers = [{"institution": "kemhan", "accepted": "yes", "reason": "Dipersempit."}]
    world.finalise(recommendation, final_text="Sempit.", responses=answers)
    with world.service.reading() as connection:
        detail = recommendation_case.detail(
            connection, coordinator, recommendation, world.clock.now
        )
    (comment,) = detail.comments
    assert (comment.institution, comment.accepted, comment.reason) == (
        "kemhan",
        True,
        "Dipersempit.",
    )
    assert detail.case.text != detail.case.final_text == "Sempit."


def test_an_approval_refused_goes_back_to_the_final_text(small_world: World) -> None:
    world = small_world
    recommendation = world.propose()
    world.register(recommendation)
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, recommendation, stance="agree")
    world.finalise(recommendation, final_text="Satu.", responses=[])
    world.do("asdep", "approve", recommendation, approved="no", notes="Sebut tahunnya.")
    assert world.waits_for(recommendation) == ["finalise"]
    world.finalise_and_send(recommendation, {"text": "Satu, 2026."})
    assert world.recommendation(recommendation).final_text == "Satu, 2026."
    assert len(world.follow_ups(recommendation)) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deadline_date": "2026-01-05"}, "deadline_date"),
        ({"comment_deadline": "2026-01-02"}, "comment_deadline"),
        ({"comment_deadline": "2026-05-04"}, "comment_deadline"),
        ({"lead": []}, "lead"),
        ({"supporting": ["kemhan"]}, "supporting"),
        ({"lead": ["nobody"]}, "lead"),
        ({"deadline_kind": "working_days", "deadline_days": "0"}, "deadline_days"),
        ({"rollup_rule": "percent"}, "rollup_percent"),
        ({"title": " \u200b"}, "title"),
    ],
)
def test_a_registration_that_cannot_be_carried_out_is_refused_with_the_field(
    small_world: World, changes: dict[str, Any], field: str
) -> None:
    world = small_world
    recommendation = world.propose()
    task = world.task(recommendation, "register")
    with pytest.raises(BadInput) as refused:
        tasks.complete(
            world.service, world.person("coordinator"), task.id, {**REGISTRATION, **changes}
        )
    assert field in refused.value.fields
    assert "kemhan" not in str(refused.value.fields[field]), "an institution is called by its name"
    assert world.recommendation(recommendation).status == "draft"
    assert world.recommendation(recommendation).number is None


def test_a_deadline_in_working_days_runs_from_the_day_of_issue(world: World) -> None:
    recommendation = world.propose()
    world.register(recommendation, deadline_kind="working_days", deadline_days=20)
    provisional = world.recommendation(recommendation).deadline
    assert provisional == date(2026, 2, 3)  # 16 January is a holiday
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, recommendation, stance="agree")
    world.wait_until(world.at(date(2026, 1, 12)))
    world.finalise_and_send(recommendation)
    issued = world.recommendation(recommendation).deadline
    assert issued == date(2026, 2, 10)
    assert {row.deadline for row in world.follow_ups(recommendation)} == {issued}


def test_an_institution_that_nobody_serves_must_be_accepted_before_sending(
    small_world: World,
) -> None:
    world = small_world
    with pytest.raises(BadInput) as refused:
        world.issued(supporting=["brin"])
    assert "proceed_without_users" in refused.value.fields
    assert "BRIN" in str(refused.value.fields["proceed_without_users"])


def test_the_issuing_letter_bears_no_date_that_has_not_come(small_world: World) -> None:
    world = small_world
    recommendation = world.propose()
    world.register(recommendation)
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, recommendation, stance="agree")
    world.finalise(recommendation, final_text="Satu.", responses=[])
    world.do("asdep", "approve", recommendation, approved="yes")
    tomorrow = (world.today() + timedelta(days=1)).isoformat()
    letter = {"letter_number": "R-1/2026", "letter_date": tomorrow, "signatory": "Deputi"}
    with pytest.raises(BadInput) as refused:
        world.do("coordinator", "send_out", recommendation, **letter)
    assert list(refused.value.fields) == ["letter_date"]


def test_those_told_for_information_owe_nothing(small_world: World) -> None:
    world = small_world
    recommendation = world.issued(information=["kemenkeu"])
    assert {row.institution for row in world.follow_ups(recommendation)} == {"kemhan", "kemenperin"}


def test_the_lead_alone_decides_when_the_rule_says_so(world: World) -> None:
    recommendation = world.issued(rollup_rule="lead")
    world.finish("kemenperin", world.follow_up(recommendation, "kemenperin"))
    assert world.waits_for(recommendation) == []
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    assert world.waits_for(recommendation) == ["evaluate_overall"]


def test_a_percentage_is_enough_when_the_rule_says_so(small_world: World) -> None:
    world = small_world
    recommendation = world.issued(
        supporting=["kemenperin", "kemenkeu"], rollup_rule="percent", rollup_percent=60
    )
    world.finish("kemenperin", world.follow_up(recommendation, "kemenperin"))
    assert world.waits_for(recommendation) == []
    world.finish("kemenkeu", world.follow_up(recommendation, "kemenkeu"))
    assert world.waits_for(recommendation) == ["evaluate_overall"]


def test_the_deadline_begins_the_evaluation_and_late_closers_still_count(
    world: World,
) -> None:
    recommendation = world.issued()
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    world.wait_until(world.at(date(2026, 4, 30)) + timedelta(hours=14))
    assert world.waits_for(recommendation) == [], "the deadline is met until 24.00"
    world.wait_until(world.at(date(2026, 5, 1)))
    assert world.waits_for(recommendation) == ["evaluate_overall"]
    world.finish("kemenperin", world.follow_up(recommendation, "kemenperin"))
    assert world.waits_for(recommendation) == ["evaluate_overall"]
    world.do("coordinator", "evaluate_overall", recommendation, decision="close", **CONCLUSION)
    assert world.status(recommendation) == "completed"


def test_watching_on_needs_somebody_to_watch_and_a_day_ahead(small_world: World) -> None:
    world = small_world
    recommendation = world.issued(lead=["kemhan"], supporting=[])
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    task = world.task(recommendation, "evaluate_overall")
    answers = {"decision": "monitor", "new_deadline": "2026-01-05", **CONCLUSION}
    with pytest.raises(BadInput) as refused:
        tasks.complete(world.service, world.person("coordinator"), task.id, answers)
    assert {"decision", "new_deadline"} <= set(refused.value.fields)


def test_a_draft_whose_process_never_started_is_started_by_proposing_it_again(
    small_world: World,
) -> None:
    world = small_world
    id = world.propose()
    again = recommendations.propose(world.service, world.person("coordinator"), id=id)
    assert again == id
    assert world.waits_for(id) == ["register"]
