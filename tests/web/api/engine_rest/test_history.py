"""The past of an instance, folded from its events."""

from __future__ import annotations

from datetime import timedelta

from tests.processes.stories.world import World
from tests.web.api.conftest import Api
from tests.web.api.models import NESTED, REVIEW

ACTIVITIES = "/engine-rest/history/activity-instance"


def test_a_completed_task_tells_who_when_and_how_long(api: Api, world: World) -> None:
    api.deploy("owner", REVIEW)
    instance = api.start("owner", "review", due=None)
    task = api.task("owner", instance)
    world.clock.now += timedelta(hours=2, milliseconds=5)
    api.complete("coordinator", task["id"])
    (visit,) = api.get("owner", ACTIVITIES, processInstanceId=instance, activityId="write")
    assert visit == {
        "id": visit["id"],
        "parentActivityInstanceId": instance,
        "activityId": "write",
        "activityName": "Write",
        "activityType": "userTask",
        "processDefinitionKey": "review",
        "processDefinitionId": task["processDefinitionId"],
        "processInstanceId": instance,
        "executionId": instance,
        "taskId": task["id"],
        "assignee": "coordinator",
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "startTime": "2026-01-05T09:00:00.000+0700",
        "endTime": "2026-01-05T11:00:00.005+0700",
        "durationInMillis": 7_200_005,
        "canceled": False,
        "completeScope": False,
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": instance,
    }


def test_every_round_of_a_loop_is_a_visit_of_its_own(api: Api) -> None:
    api.deploy("owner", REVIEW)
    instance = api.start("owner", "review", due=None)
    for who, verdict in (("coordinator", ""), ("asdep", "again"), ("coordinator", "")):
        api.complete(who, api.task("owner", instance)["id"], verdict=verdict)
    visits = api.get("owner", ACTIVITIES, processInstanceId=instance)
    assert [(one["activityId"], one["endTime"] is not None) for one in visits] == [
        ("start", True),
        ("write", True),
        ("judge", True),
        ("verdict", True),
        ("write", True),
        ("judge", False),
    ]
    assert len({one["id"] for one in visits}) == len(visits)
    assert [one["activityType"] for one in visits][:4] == [
        "startEvent",
        "userTask",
        "userTask",
        "exclusiveGateway",
    ]
    count = api.get("owner", f"{ACTIVITIES}/count", processInstanceId=instance, finished="true")
    assert count == {"count": 5}


def test_what_a_timer_takes_away_is_cancelled_inside_its_sub_process(
    api: Api, world: World
) -> None:
    api.deploy("owner", NESTED)
    instance = api.start("owner", "nested")
    world.clock.now += timedelta(days=3)
    world.run()
    visits = {
        one["activityId"]: one for one in api.get("owner", ACTIVITIES, processInstanceId=instance)
    }
    assert visits["work"]["canceled"]
    assert visits["inside"]["canceled"]
    assert visits["work"]["parentActivityInstanceId"] == visits["inside"]["id"]
    assert visits["hurry"]["activityType"] == "boundaryTimer"
    assert not visits["hurry"]["canceled"]
    assert visits["late"]["activityType"] == "noneEndEvent"
    assert visits["late"]["completeScope"]
    canceled = api.get("owner", ACTIVITIES, processInstanceId=instance, canceled="true")
    assert {one["activityId"] for one in canceled} == {"work", "inside"}


def test_visits_are_sorted_and_windowed(small_api: Api) -> None:
    small_api.deploy("owner", REVIEW)
    instance = small_api.start("owner", "review", due=None)
    query = {"processInstanceId": instance, "sortBy": "activityId", "sortOrder": "desc"}
    found = small_api.get("owner", ACTIVITIES, **query)
    assert [one["activityId"] for one in found] == ["write", "start"]
    assert len(small_api.get("owner", ACTIVITIES, **query, firstResult="1")) == 1
