"""An institution ends, and another one goes on with its work."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.sentences.errors import Forbidden, NotFound
from processes.cases.follow_up import follow_up_list, follow_ups, receipts
from processes.cases.recommendation import recommendations
from processes.files import evidence
from processes.people import institutions
from processes.people.institutions import Ending
from processes.register.states import Stage
from processes.rights.access import Scope, scope_of
from processes.storage.bulk import Count
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.people import successions, users
from processes.storage.people.successions import Succession
from processes.storage.people.users import Grants
from processes.storage.tables.recommendations import comment
from processes.work import task_drafts, tasks
from tests.processes.stories.world import ACCEPTED, PLAN, PROGRESS, World

LETTER = "Perpres 1/2026"


def end(world: World, code: str, successor: str | None) -> None:
    """An administrator closes an institution; everything that follows is done."""
    ending = Ending(date(2026, 1, 31), successor, LETTER)
    institutions.close(world.service, world.person("admin"), code, ending)
    world.run()


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


def test_where_the_successor_follows_up_the_same_recommendation_the_case_ends_there(
    world: World,
) -> None:
    whole = world.issued()
    former, own = world.follow_up(whole, "kemhan"), world.follow_up(whole, "kemenperin")
    end(world, "kemhan", "kemenperin")
    assert world.case(former).status is Stage.WITHDRAWN
    assert world.case(former).verdict is None
    assert kept(world, former).carried_into == own
    assert world.open_tasks(former) == []
    assert world.case(own).institution == "kemenperin"
    world.do("kemenperin", "acknowledge", own, **ACCEPTED)


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
    ending = Ending(date(2026, 1, 31), "kemenkeu", LETTER)
    institutions.close(world.service, world.person("admin"), "kemhan", ending)
    with world.service.transaction() as connection:
        users.replace_grants(connection, world.person("admin").user_id, Grants({}, frozenset()))
    world.run()
    assert world.case(case).institution == "kemhan"
    with world.service.reading() as connection:
        found = institutions.handing_over(connection, world.person("asdep"), "kemhan")
    assert found is not None and found.refused == 1
