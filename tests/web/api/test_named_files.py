"""Files that a program names: its account's own uploads, whole and still kept, or none at all."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from processes.storage.files import evidence as files
from processes.storage.files.evidence import Upload
from tests.engine.models.building import (
    bpmn,
    catch,
    end,
    event,
    process,
    properties,
    start,
    user_task,
)
from tests.web.api.conftest import Api

FORM = json.dumps(
    {
        "id": "papers",
        "type": "default",
        "schemaVersion": 19,
        "components": [
            {"type": "filepicker", "key": "papers", "id": "a", "label": "Papers", "multiple": True},
            {
                "type": "dynamiclist",
                "path": "rows",
                "id": "b",
                "label": "Rows",
                "components": [
                    {"type": "textfield", "key": "name", "id": "c", "label": "Name"},
                    {"type": "filepicker", "key": "paper", "id": "d", "label": "Paper"},
                ],
            },
        ],
    }
).encode()
HANDED = {
    "handed.bpmn": bpmn(
        process(
            "handed",
            start(),
            user_task("hand", camunda_formRef="papers", camunda_formRefBinding="deployment"),
            catch("more", event("message", "more"), properties(form="papers")),
            user_task("look"),
            end(),
        )
    ),
    "papers.form": FORM,
}
"""Files come with a task, then with a message."""


def uploaded(api: Api, who: str) -> str:
    """A file that an account has sent, whole."""
    now = api.service.engine.now()
    row = Upload(
        uuid7(), who, None, "0" * 64, "a.pdf", "application/pdf", 9, now, now + timedelta(days=7)
    )
    with api.service.transaction() as connection:
        files.insert_upload(connection, row)
    return str(row.id)


def handed(api: Api) -> str:
    api.deploy("owner", HANDED)
    return api.start("owner", "handed")


def told(api: Api, instance: str, **papers: object) -> tuple[int, object]:
    """The message, with these files."""
    body = {
        "messageName": "more",
        "processInstanceId": instance,
        "processVariables": {name: {"value": value} for name, value in papers.items()},
    }
    answer = api.post("owner", "/engine-rest/message", body)
    return answer.status_code, answer.get_json()


WRONG = {
    "unknown": {"papers": [str(uuid4())]},
    "somebody else's": {"papers": ["{kemhan}"]},
    "one of two": {"papers": ["{owner}", str(uuid4())]},
    "no id": {"papers": ["laporan.pdf"]},
    "in a row": {"rows": [{"name": "x", "paper": [str(uuid4())]}]},
}


def named(wrong: dict[str, object], owner: str, kemhan: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        json.dumps(wrong).replace("{owner}", owner).replace("{kemhan}", kemhan)
    )
    return found


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_completion_that_names_a_file_nobody_has_is_refused_on_its_field(
    small_api: Api, wrong: dict[str, object]
) -> None:
    api, instance = small_api, handed(small_api)
    task = api.task("owner", instance)["id"]
    given = named(wrong, uploaded(api, "owner"), uploaded(api, "kemhan"))
    answer = api.complete("owner", task, **given)
    assert answer.status_code == 400
    field = "rows[0].paper" if "rows" in wrong else "papers"
    assert field in answer.get_data(as_text=True)
    assert api.task("owner", instance)["id"] == task, "it waits still"


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_message_that_names_a_file_nobody_has_is_refused_on_its_field(
    small_api: Api, wrong: dict[str, object]
) -> None:
    api, instance = small_api, handed(small_api)
    api.complete("owner", api.task("owner", instance)["id"])
    given = named(wrong, uploaded(api, "owner"), uploaded(api, "kemhan"))
    status, said = told(api, instance, **given)
    assert status == 400
    assert ("rows[0].paper" if "rows" in wrong else "papers") in json.dumps(said)
    assert api.get("owner", "/engine-rest/task", processInstanceId=instance) == []


def test_ones_own_files_are_taken_in_by_task_and_message(api: Api) -> None:
    instance = handed(api)
    first, second = uploaded(api, "owner"), uploaded(api, "owner")
    task = api.task("owner", instance)["id"]
    assert api.complete("owner", task, papers=[first]).status_code == 204
    rows = [{"name": "x", "paper": [second]}]
    assert told(api, instance, papers=[first], rows=rows)[0] == 204
    assert api.task("owner", instance)["taskDefinitionKey"] == "look"
