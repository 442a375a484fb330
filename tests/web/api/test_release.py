"""A report that the head of its institution releases, for programs: who wrote it never does, and
outside nothing of it is seen before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from processes.people import institutions
from tests.processes.stories.world import REPORT, World
from tests.processes.stories.written_report import asking
from tests.web.api.conftest import Api

YES = {"released": "yes"}
TASK = "/engine-rest/task"


@pytest.fixture
def case(small_world: World) -> UUID:
    """A report of kemhan that waits for its release; a second head has written it."""
    world = small_world
    institutions.set_approval(world.service, world.person("kemhan-head"), "kemhan", True)
    world.colleague("rina", "kemhan", "head")
    case = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", case)
    world.hand_in("rina", case)
    return case


def seen(api: Api, who: str, case: UUID) -> dict[str, Any]:
    found: dict[str, Any] = api.get(who, f"/api/v1/follow-ups/{case}")
    return found


def test_who_wrote_it_neither_takes_nor_completes_the_task(
    small_api: Api, small_world: World, case: UUID
) -> None:
    api, task = small_api, str(small_world.task(case, "release_report").id)
    claimed = api.post("rina", f"{TASK}/{task}/claim", {"userId": "rina"})
    assert (claimed.status_code, "written this yourself" in claimed.get_data(as_text=True)) == (
        409, True,
    )  # fmt: skip
    api.post("kemhan-head", f"{TASK}/{task}/claim", {})
    handed = api.post("kemhan-head", f"{TASK}/{task}/assignee", {"userId": "rina"})
    assert handed.status_code == 400
    for who in ("rina", "kemhan", "coordinator", "owner", "admin"):
        answer = api.complete(who, task, **YES)
        assert 400 <= answer.status_code < 500, who
    assert small_world.waits_for(case) == ["release_report"]
    assert api.complete("kemhan-head", task, **YES).status_code == 204
    assert small_world.waits_for(case) == ["evaluate"]


def test_of_a_letter_on_progress_neither(small_api: Api, small_world: World, case: UUID) -> None:
    api, world = small_api, small_world
    request = asking.ask(world, institutions=frozenset({"kemhan"}))
    waiting = asking.task(world, request, "kemhan")
    sent = {
        **asking.LETTER,
        "letter_files": [str(world.upload("rina", waiting))],
        "answers": [asking.answer(case)],
    }
    assert api.complete("rina", str(waiting.id), **sent).status_code == 204
    release = asking.task(world, request, "kemhan")
    assert release.element_id == "release_progress"
    for who in ("rina", "kemhan", "coordinator"):
        assert 400 <= api.complete(who, str(release.id), **YES).status_code < 500, who
    assert asking.task(world, request, "kemhan").element_id == "release_progress"
    assert api.complete("kemhan-head", str(release.id), **YES).status_code == 204


def test_outside_it_is_unknown_until_it_is_released(
    small_api: Api, small_world: World, case: UUID
) -> None:
    api, task = small_api, str(small_world.task(case, "release_report").id)
    outside = seen(api, "coordinator", case)
    assert outside["handed_in"] == []
    assert REPORT["summary"] not in str(outside)
    assert REPORT["letter_number"] not in str(outside)
    first = api.get("coordinator", f"{TASK}/{task}/form-variables")
    assert {name: one["value"] for name, one in first.items() if one["value"]} == {}
    assert api.get("coordinator", f"{TASK}/{task}")["taskDefinitionKey"] == "release_report"
    assert api.complete("kemhan-head", task, **YES).status_code == 204
    [handed] = seen(api, "coordinator", case)["handed_in"]
    assert handed["receipt_number"] is not None


def test_a_no_without_what_to_correct_names_the_field(
    small_api: Api, small_world: World, case: UUID
) -> None:
    task = str(small_world.task(case, "release_report").id)
    answer = small_api.complete("kemhan-head", task, released="no")
    assert answer.status_code == 400
    assert "corrections" in answer.get_data(as_text=True)
