"""An institution ends, and another one goes on with its work."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.sentences.errors import Forbidden, NotFound
from processes.cases.follow_up import follow_up_list, follow_ups, receipts
from processes.cases.recommendation import recommendation_case, recommendations
from processes.files import evidence
from processes.people import institutions
from processes.people.institutions import Ending
from processes.register.groups import Group
from processes.register.states import Stage
from processes.rights.access import Scope, scope_of
from processes.storage.bulk import Count
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.cases.past import follow_up_past
from processes.storage.people import successions, users
from processes.storage.people.successions import Succession
from processes.storage.people.users import Grants
from processes.storage.tables.recommendations import comment
from processes.work import task_drafts, tasks
from tests.engine.racing import held
from tests.processes.stories.follow_up.test_extension import ask
from tests.processes.stories.recommendation.test_changed_recipients import added, propose
from tests.processes.stories.recommendation.test_closing import LETTER as SENT
from tests.processes.stories.test_at_once import at_once
from tests.processes.stories.world import ACCEPTED, PLAN, PROGRESS, World

LETTER = "Perpres 1/2026"
YESTERDAY = date(2026, 1, 4)
LAST_DAY = date(2026, 1, 31)


def end(world: World, code: str, successor: str | None) -> None:
    """An administrator closes an institution that has ended; everything that follows is done."""
    close(world, code, successor, YESTERDAY)
    world.run()
    world.run()


def close(world: World, code: str, successor: str | None, last_day: date) -> None:
    ending = Ending(last_day, successor, LETTER)
    institutions.close(world.service, world.person("admin"), code, ending)


def anew(world: World, who: str) -> Scope:
    """Somebody's rights as they are now."""
    with world.service.reading() as connection:
        return scope_of(connection, world.person(who).user_id)


def kept(world: World, case: UUID) -> Succession:
    with world.service.reading() as connection:
        (found,) = successions.before(connection, case)
    return found


def test_the_successor_goes_on_with_open_follow_ups_where_they_stand(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    plan = world.task(case, "plan")
    end(world, "kemhan", "kemenkeu")
    assert world.case(case).institution == "kemenkeu"
    moved = world.task(case, "plan")
    assert (moved.id, moved.due_at) == (plan.id, plan.due_at)
    assert moved.candidate_groups == ["institution:kemenkeu"]
    world.do("kemenkeu", "plan", case, **PLAN)
    world.do("kemenkeu", "implement", case, **PROGRESS)
    assert world.case(case).status is Stage.REPORT
    assert world.task(case, "report").candidate_groups == ["institution:kemenkeu"]
    found = kept(world, case)
    assert (found.institution, found.successor, found.letter) == ("kemhan", "kemenkeu", LETTER)


def test_the_former_people_read_what_they_had_and_do_nothing_of_it_any_more(world: World) -> None:
    whole = world.issued()
    case = world.follow_up(whole, "kemhan")
    task = world.task(case, "acknowledge")
    end(world, "kemhan", "kemenkeu")
    former, successor = anew(world, "kemhan"), anew(world, "kemenkeu")
    with world.service.reading() as connection:
        for reader in (former, successor):
            follow_ups.detail(connection, reader, case, world.clock.now)
            recommendations.readable(connection, reader, whole)
            listed = follow_up_list.page(connection, reader, Wanted(), world.clock.now)
            assert case in [one.id for one in listed.items]
    with pytest.raises((NotFound, Forbidden)):
        tasks.complete(world.service, former, task.id, ACCEPTED)
    with pytest.raises(NotFound), world.service.reading() as connection:
        follow_ups.readable(connection, anew(world, "kemenperin"), case)


def test_a_receipt_names_the_institution_that_handed_the_report_in_and_both_read_it(
    world: World,
) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", case)
    number = world.hand_in("kemhan", case).receipt_number
    assert number is not None
    end(world, "kemhan", "kemenkeu")
    for reader in (anew(world, "kemhan"), anew(world, "kemenkeu")):
        with world.service.reading() as connection:
            found = receipts.receipt(connection, reader, number)
        assert found.institution == "Kementerian Pertahanan"
        evidence.read(world.service, reader, found.evidence[0].id, address="127.0.0.1")


def test_a_claim_ends_and_what_was_typed_goes_to_whoever_takes_the_task(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    task = world.task(case, "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    task_drafts.save(world.service, world.person("kemhan"), task.id, {"contact": "Rina"})
    end(world, "kemhan", "kemenkeu")
    assert world.task(case, "acknowledge").assignee is None
    tasks.claim(world.service, anew(world, "kemenkeu"), task.id)
    draft = world.service.engine.draft(task.id, "kemenkeu")
    assert draft is not None and draft.data["contact"] == "Rina"


def test_the_successor_is_told_once_by_letter_and_of_all_tasks_by_one_digest(
    small_world: World,
) -> None:
    world = small_world
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(3)]
    before = len(world.mails())
    end(world, "kemhan", "kemenkeu")
    told = [one for one in world.mails()[before:] if one.to_user == "kemenkeu"]
    assert [one.kind for one in told] == ["notice", "digest"]
    assert "Kemenkeu succeeds Kemhan (Perpres 1/2026)." in told[0].body
    assert "Follow-ups that are handed over with all they hold: 3." in told[0].body
    world.wait_days(1)
    (digest,) = [one for one in world.mails("kemenkeu") if one.kind == "digest"]
    for case in cases:
        assert f"/tasks/{world.task(case, 'acknowledge').id}" in digest.body


def test_where_the_successor_follows_up_the_same_recommendation_the_case_is_carried_over_into_it(
    world: World,
) -> None:
    whole = world.issued()
    former, own = world.follow_up(whole, "kemhan"), world.follow_up(whole, "kemenperin")
    ask(world, former, date(2026, 7, 31))
    end(world, "kemhan", "kemenperin")
    case = world.case(former)
    assert (case.status, case.verdict, case.carried_into_id) == (Stage.CARRIED_OVER, None, own)
    assert world.status(former) == "completed"
    assert kept(world, former).carried_into == own
    assert world.open_tasks(former) == []
    letters = [one.subject for one in world.mails("kemhan")]
    assert letters[-1].startswith("Carried over into the follow-up of your successor")
    with world.service.reading() as connection:
        stages = connection.scalars(
            select(follow_up_past.c.status).where(follow_up_past.c.follow_up_id == former)
        ).all()
        found = recommendation_case.detail(
            connection, world.person("coordinator"), whole, world.clock.now
        )
    assert "carried_over" in stages, "the end is a dated row"
    assert found.row.groups == {Group.OPEN: 1, Group.CARRIED_OVER: 1}
    world.finish("kemenperin", own)
    assert world.waits_for(whole) == ["evaluate_overall"], "it is not waited for"


def test_what_an_institution_has_goes_over_after_its_last_day_and_not_before(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    draft = world.propose()
    world.register(draft)
    for code in ("kemhan", "kemenperin"):
        world.comment(code, draft, stance="agree")
    world.finalise(draft, final_text="Percepat.", responses=[])
    close(world, "kemhan", "kemenkeu", LAST_DAY)
    world.run()
    assert world.case(case).institution == "kemhan"
    assert not [one for one in world.mails("kemenkeu") if "succeeds" in one.subject]
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    world.do("asdep", "approve", draft, approved="yes")
    world.do("coordinator", "send_out", draft, **SENT)
    begun = world.follow_up(draft, "kemhan")
    world.wait_until(world.at(LAST_DAY))
    assert world.case(case).institution == "kemhan", "this is still its day"
    world.wait_until(world.at(date(2026, 2, 1)))
    assert {world.case(one).institution for one in (case, begun)} == {"kemenkeu"}
    (letter,) = [one for one in world.mails("kemenkeu") if "succeeds" in one.subject]
    assert "Follow-ups that are handed over with all they hold: 2." in letter.body


def test_an_end_that_was_changed_meanwhile_hands_over_once_and_on_the_new_day(
    small_world: World,
) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    close(world, "kemhan", "kemenkeu", LAST_DAY)
    close(world, "kemhan", "kemenkeu", date(2026, 2, 14))
    world.wait_until(world.at(date(2026, 2, 13)))
    assert world.case(case).institution == "kemhan"
    world.wait_until(world.at(date(2026, 2, 16)))
    assert world.case(case).institution == "kemenkeu"
    assert len([one for one in world.mails("kemenkeu") if "succeeds" in one.subject]) == 1


def test_an_end_that_names_another_successor_meanwhile_hands_over_to_that_one(
    small_world: World,
) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    close(world, "kemhan", "kemenkeu", LAST_DAY)
    close(world, "kemhan", "tni", LAST_DAY)
    world.wait_until(world.at(date(2026, 2, 2)))
    assert world.case(case).institution == "tni"


def test_a_successor_that_is_added_while_the_cases_go_over_has_one_follow_up_in_the_end(
    world: World,
) -> None:
    whole = world.issued()
    former = world.follow_up(whole, "kemhan")
    propose(world, whole, added("kemenkeu"))
    decision, services = world.task(whole, "decide_recipients"), at_once(world)
    close(world, "kemhan", "kemenkeu", YESTERDAY)
    yes = {"recipients_approved": "yes"}
    with held(services[0].engine, world.instance(whole)) as queue:
        queue.begin(partial(tasks.complete, services[0], world.person("asdep"), decision.id, yes))
        queue.begin(services[1].engine.run_due)
    assert not [one for one in queue.outcomes() if isinstance(one, Exception)]
    world.run()
    world.run()
    own = world.follow_up(whole, "kemenkeu")
    case = world.case(former)
    assert (case.status, case.carried_into_id) == (Stage.CARRIED_OVER, own)
    assert world.service.engine.incidents() == []


def test_it_is_one_act_with_a_part_for_each_case_and_a_repeat_adds_nothing(world: World) -> None:
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(2)]
    end(world, "kemhan", "kemenkeu")
    end(world, "kemhan", "kemenkeu")
    with world.service.reading() as connection:
        found = institutions.handing_over(connection, world.person("admin"), "kemhan")
    assert found == Count(planned=2, done=2)
    for case in cases:
        assert kept(world, case).by == "admin"


def test_without_a_successor_the_cases_stay(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    end(world, "kemhan", None)
    assert world.case(case).institution == "kemhan"
    world.do("kemhan", "acknowledge", case, **ACCEPTED)


def test_the_history_of_the_case_says_by_which_letter_who_goes_on(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    end(world, "kemhan", "kemenkeu")
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, anew(world, "kemenkeu"), case, world.clock.now)
    said = [(str(one.sentence), one.text) for one in found.timeline]
    assert ("Kemenkeu succeeds Kemhan and goes on with this", LETTER) in said


def test_a_draft_is_commented_on_by_the_successor(world: World) -> None:
    id = world.propose()
    world.register(id)
    end(world, "kemhan", "kemenkeu")
    (letter,) = [one for one in world.mails("kemenkeu") if "succeeds" in one.subject]
    assert "comments on the draft or gets a copy: 1." in letter.body
    assert "Follow-ups" not in letter.body, "there are none"
    world.scopes["kemenkeu"] = anew(world, "kemenkeu")
    world.comment("kemenkeu", id, stance="disagree", notes="Belum siap.")
    with world.service.reading() as connection:
        said = connection.execute(select(comment.c.institution, comment.c.notes)).all()
    assert [tuple(row) for row in said] == [("kemenkeu", "Belum siap.")]


def test_a_successor_that_comments_already_answers_for_both(world: World) -> None:
    id = world.propose()
    world.register(id)
    world.comment("kemenperin", id, stance="agree")
    end(world, "kemhan", "kemenperin")
    world.comment("kemenperin", id, stance="disagree", notes="Atas nama Kemhan.")
    with world.service.reading() as connection:
        said = connection.execute(select(comment.c.institution, comment.c.stance)).all()
    assert {tuple(row) for row in said} == {("kemenperin", "agree"), ("kemhan", "disagree")}


def test_a_copy_for_information_goes_to_the_successor(world: World) -> None:
    whole = world.issued(information=["kemhan"], lead=["kemenperin"], supporting=["kemenkeu"])
    end(world, "kemhan", "tni")
    with world.service.reading() as connection:
        recommendations.readable(connection, anew(world, "tni"), whole)


def test_who_may_not_close_institutions_any_more_hands_nothing_over(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    close(world, "kemhan", "kemenkeu", YESTERDAY)
    with world.service.transaction() as connection:
        users.replace_grants(connection, world.person("admin").user_id, Grants({}, frozenset()))
    world.run()
    world.run()
    assert world.case(case).institution == "kemhan"
    with world.service.reading() as connection:
        found = institutions.handing_over(connection, world.person("asdep"), "kemhan")
    assert found is not None and found.refused == 1
