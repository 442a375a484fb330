"""Who stands in for a post has its rights from the first day to the last one, and no longer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.people import leaving, posts, stand_ins
from processes.people.stand_ins import Wanted
from processes.rights.access import Scope, scope_of
from processes.rights.grants import granted
from processes.storage.people import stand_ins as rows
from processes.storage.people import users
from processes.work import tasks
from tests.processes.stories.world import ACCEPTED, World

HEAD = "institution-head:kemhan"


def wanted(world: World, post: str, holder: str | None, deputy: str | None, **more: Any) -> Wanted:
    named = {
        "kind": "plh",
        "from_day": date(2026, 1, 7),
        "to_day": date(2026, 1, 9),
        "letter": "Prin/7/2026",
        "reason": "Dinas luar negeri.",
        **more,
    }
    ids = (world.person(one).user_id if one else None for one in (holder, deputy))
    return Wanted(post, *ids, **named)


def name(world: World, by: str, *who: Any, **more: Any) -> UUID:
    return stand_ins.name(world.service, world.person(by), wanted(world, *who, **more))


def now(world: World, username: str) -> Scope:
    with world.service.reading() as connection:
        return scope_of(connection, world.person(username).user_id)


def until(world: World, day: int) -> None:
    world.wait_until(world.at(date(2026, 1, day)))


def told(world: World, username: str) -> list[str]:
    return [mail.subject for mail in world.mails(username) if "tand-in" in mail.subject]


def test_who_stands_in_heads_the_institution_from_the_first_day_to_the_last(world: World) -> None:
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan")
    assert not now(world, "kemhan").headed
    until(world, 7)
    assert now(world, "kemhan").headed == {"kemhan"}
    assert HEAD in now(world, "kemhan").groups
    until(world, 9)
    assert now(world, "kemhan").headed
    until(world, 10)
    assert not now(world, "kemhan").headed, "it ends by itself"
    assert now(world, "kemhan").served == {"kemhan"}
    assert told(world, "kemhan") == told(world, "kemhan-head") != []


def test_it_begins_at_once_on_the_first_day_itself(world: World) -> None:
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    assert now(world, "kemhan").headed == {"kemhan"}


def test_who_stands_in_is_found_wherever_the_post_is_told(world: World) -> None:
    name(world, "deputi", "supervisor", "deputi", "coordinator", from_day=date(2026, 1, 5))
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    with world.service.reading() as connection:
        heads = users.members_of(connection, "kemhan", "head")
        deputies = users.holding_role(connection, "supervisor", "deputi")
    assert [one.username for one in heads] == ["kemhan", "kemhan-head"]
    assert [one.username for one in deputies] == ["coordinator", "deputi"]


def test_a_supervisor_of_another_rank_is_told_what_the_absent_one_is(world: World) -> None:
    id = name(world, "deputi", "supervisor", "deputi", "asdep", from_day=date(2026, 1, 5))
    with world.service.reading() as connection:
        found = users.holding_role(connection, "supervisor", "deputi")
    assert [one.username for one in found] == ["asdep", "deputi"]
    stand_ins.end(world.service, world.person("deputi"), id)
    assert "supervisor" in now(world, "asdep").roles, "the own role stays"


@pytest.mark.parametrize("by", ["kemhan-head", "admin"])
def test_it_is_ended_early_and_both_are_told(world: World, by: str) -> None:
    id = name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    stand_ins.end(world.service, world.person(by), id)
    assert not now(world, "kemhan").headed
    assert len(told(world, "kemhan")) == len(told(world, "kemhan-head")) == 2
    with pytest.raises(Conflict):
        stand_ins.end(world.service, world.person(by), id)
    until(world, 12)  # its days come and go without effect
    assert world.service.engine.incidents() == []


def test_what_was_ended_before_its_first_day_never_begins(world: World) -> None:
    id = name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan")
    stand_ins.end(world.service, world.person("kemhan-head"), id)
    until(world, 8)
    assert not now(world, "kemhan").headed


def test_tasks_that_only_the_post_may_do_go_back_at_the_end(world: World) -> None:
    recommendation = world.propose()
    world.register(recommendation)
    for who in ("kemhan", "kemenperin"):
        world.comment(who, recommendation, stance="agree")
    world.finalise(recommendation, final_text="Percepat.", responses=[])
    id = name(world, "deputi", "supervisor", "deputi", "coordinator", from_day=date(2026, 1, 5))
    task = world.task(recommendation, "approve")
    tasks.claim(world.service, world.person("coordinator"), task.id)
    stand_ins.end(world.service, world.person("deputi"), id)
    assert world.task(recommendation, "approve").assignee is None


def test_nobody_names_a_stand_in_for_the_post_of_another(world: World) -> None:
    for who in ("kemhan", "coordinator"):
        with pytest.raises(Forbidden):
            name(world, who, HEAD, "kemhan-head", "kemhan")
    with pytest.raises(NotFound):
        name(world, "asdep", HEAD, "kemhan-head", "kemhan")
    with pytest.raises(NotFound):
        name(world, "kemhan-head", "institution-head:kemenkeu", "kemhan-head", "kemenkeu")


def test_who_stands_in_names_nobody_else(world: World) -> None:
    world.colleague("rina", "kemhan")
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    with pytest.raises(NotFound):
        name(world, "kemhan", HEAD, "kemhan", "rina")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "pjs"}, "kind"),
        ({"from_day": date(2026, 1, 2)}, "from_day"),
        ({"from_day": None}, "from_day"),
        ({"to_day": date(2026, 1, 6)}, "to_day"),
        ({"to_day": date(2028, 1, 6)}, "to_day"),
        ({"letter": " "}, "letter"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    world: World, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", **more)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("deputy", ["kemenperin", "coordinator"])
def test_only_people_of_the_house_stand_in(world: World, deputy: str) -> None:
    with pytest.raises(BadInput) as refused:
        name(world, "kemhan-head", HEAD, "kemhan-head", deputy)
    assert set(refused.value.fields) == {"deputy"}


def test_two_do_not_stand_in_for_one_post_on_the_same_day(world: World) -> None:
    world.colleague("rina", "kemhan")
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan")
    with pytest.raises(BadInput) as refused:
        name(world, "kemhan-head", HEAD, "kemhan-head", "rina", to_day=date(2026, 1, 20))
    assert set(refused.value.fields) == {"from_day"}
    later = {"from_day": date(2026, 1, 10), "to_day": date(2026, 1, 11)}
    name(world, "kemhan-head", HEAD, "kemhan-head", "rina", **later)


def test_a_leave_without_stand_in_is_told_to_who_could_help(world: World) -> None:
    name(world, "deputi", "supervisor", "deputi", None)
    [mail] = [one for one in world.mails("menko") if "On leave" in one.subject]
    assert "nobody stands in" in mail.body
    assert [one.subject for one in world.mails("admin")] == [mail.subject]
    until(world, 12)
    assert now(world, "deputi").roles == {"supervisor"}


def test_a_vacant_post_is_filled_for_a_time_by_the_administrator(world: World) -> None:
    post = "institution-head:kemenperin"
    with pytest.raises(BadInput):
        name(world, "admin", post, None, None, kind="plt")
    id = name(world, "admin", post, None, "kemenperin", kind="plt", from_day=date(2026, 1, 5))
    assert now(world, "kemenperin").headed == {"kemenperin"}
    with world.service.reading() as connection:
        [found] = posts.of_institution(connection, now(world, "admin"), "kemenperin")
    assert (found.row.id, found.words.holder, found.ends) == (id, "", True)


def test_new_rights_of_an_account_leave_what_it_has_as_a_stand_in(world: World) -> None:
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    id = world.person("kemhan").user_id
    with world.service.transaction() as connection:
        users.replace_grants(connection, id, granted(contact_of="tni"))
        own = users.grants_of(connection, [id])[id]
    assert {one.institution_code for one in own.memberships} == {"tni"}
    assert now(world, "kemhan").headed == {"kemhan"}
    with world.service.transaction() as connection:
        users.replace_grants(connection, id, granted(head_of="kemhan"))
    until(world, 12)
    assert now(world, "kemhan").headed == {"kemhan"}, "it is the own post by then"


def test_what_was_done_meanwhile_is_known_as_done_by_the_stand_in(world: World) -> None:
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    until(world, 12)
    with world.service.reading() as connection:
        [once] = rows.stood(connection, ["kemhan", "tni"])
        assert rows.about(connection, world.person("kemhan").user_id) == []
    assert (once.username, once.post, once.kind.value) == ("kemhan", HEAD, "plh")
    assert once.until is not None
    assert once.since < once.until


def test_the_account_of_who_stands_in_is_closed_like_any_other(world: World) -> None:
    world.colleague("rina", "kemhan")
    name(world, "kemhan-head", HEAD, "kemhan-head", "kemhan", from_day=date(2026, 1, 5))
    case = world.follow_up(world.issued(), "kemhan")
    world.do("rina", "acknowledge", case, **ACCEPTED)
    leaving.close_account(world.service, world.person("admin"), world.person("kemhan").user_id)
    until(world, 26)
    assert world.service.engine.incidents() == []
