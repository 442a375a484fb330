"""Messages over HTTP: to exactly one instance that waits now, or to none."""

from __future__ import annotations

import pytest

from processes.storage.cases import follow_up_rows
from tests.web.api.conftest import Api
from tests.web.api.models import PAID
from tests.web.conftest import Office

MESSAGE = "/engine-rest/message"
MISMATCH = "MismatchingMessageCorrelationException"


def test_a_message_moves_the_one_instance_that_waits_for_it(api: Api) -> None:
    api.deploy("owner", PAID)
    instance = api.start("owner", "paid", "A-17")
    body = {
        "messageName": "paid",
        "businessKey": "A-17",
        "processVariables": {"amount": {"value": 12, "type": "Long"}},
    }
    answer = api.post("owner", MESSAGE, body)
    assert (answer.status_code, answer.data) == (204, b"")
    task = api.task("owner", instance)
    assert task["taskDefinitionKey"] == "ship"
    data = api.get("owner", f"/engine-rest/task/{task['id']}/form-variables")
    assert data["amount"]["value"] == 12


def test_the_receiver_is_told_when_asked(small_api: Api) -> None:
    small_api.deploy("owner", PAID)
    instance = small_api.start("owner", "paid", "A-17")
    body = {"messageName": "paid", "processInstanceId": instance, "resultEnabled": True}
    answer = small_api.post("owner", MESSAGE, body)
    assert answer.status_code == 200
    assert answer.get_json() == [
        {
            "resultType": "Execution",
            "execution": {
                "links": [],
                "id": instance,
                "processInstanceId": instance,
                "ended": False,
                "tenantId": None,
            },
            "processInstance": None,
        }
    ]


def test_nobody_or_more_than_one_is_a_mismatch_and_nothing_is_kept(api: Api) -> None:
    api.deploy("owner", PAID)
    early = {"messageName": "paid", "businessKey": "A-17"}
    nobody = api.post("owner", MESSAGE, early)
    assert (nobody.status_code, nobody.get_json()["type"]) == (400, MISMATCH)
    for _ in range(2):
        instance = api.start("owner", "paid", "A-17")
        assert api.get("owner", "/engine-rest/task", processInstanceId=instance) == []
    several = api.post("owner", MESSAGE, early)
    assert (several.status_code, several.get_json()["type"]) == (400, MISMATCH)


def test_a_repeat_under_the_same_key_is_no_mismatch(api: Api) -> None:
    api.deploy("owner", PAID)
    api.start("owner", "paid", "A-17")
    body, key = {"messageName": "paid", "businessKey": "A-17"}, {"Idempotency-Key": "payment-1"}
    assert api.post("owner", MESSAGE, body, headers=key).status_code == 204
    assert api.post("owner", MESSAGE, body, headers=key).status_code == 204
    assert api.post("owner", MESSAGE, body).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"messageName": "paid"},
        {"businessKey": "A-17"},
        {"messageName": "", "businessKey": "A-17"},
        {"messageName": "paid", "businessKey": "A-17", "all": True},
        {
            "messageName": "paid",
            "businessKey": "A-17",
            "correlationKeys": {"order": {"value": "B-4"}},
        },
    ],
)
def test_a_message_that_cannot_have_one_receiver_is_refused(still_api: Api, body: object) -> None:
    answer = still_api.post("owner", MESSAGE, body)
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "InvalidRequestException"


def test_no_program_sends_messages_into_real_cases(office: Office, office_api: Api) -> None:
    with office.service.reading() as connection:
        case = follow_up_rows.of_recommendation(connection, office.cases.first)[0]
    for name in ("extension_requested", "withdrawal_proposed"):
        for key in (case.id, office.cases.first):
            body = {"messageName": name, "businessKey": str(key)}
            answer = office_api.post("owner", MESSAGE, body)
            assert (answer.status_code, answer.get_json()["type"]) == (400, MISMATCH)


def test_an_instance_of_ones_own_under_the_key_of_a_case_is_found_by_no_message(
    office: Office, office_api: Api
) -> None:
    """Else a message meant for the case could be caught, or held up, by whoever knows its id."""
    office_api.deploy("owner", PAID)
    instance = office_api.start("owner", "paid", str(office.cases.first))
    for where in ({"businessKey": str(office.cases.first)}, {"processInstanceId": instance}):
        answer = office_api.post("owner", MESSAGE, {"messageName": "paid", **where})
        assert (answer.status_code, answer.get_json()["type"]) == (400, MISMATCH)
