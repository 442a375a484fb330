"""The case of an instance is the one whose row holds it, whatever the instance's business key
is.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from processes.storage.cases import case_heads
from tests.processes.conftest import Data
from tests.processes.made_cases import a_case, a_recommendation


def made(connection: Connection, process: str) -> tuple[UUID, UUID]:
    """The id of a case and of the instance that owns it."""
    if process == "follow_up":
        return a_case(connection, "kemhan", classification="secret")
    return a_recommendation(connection, {"kemhan": "lead"}, classification="secret")


@pytest.mark.parametrize(
    ("process", "other"), [("follow_up", "recommendation"), ("recommendation", "follow_up")]
)
def test_only_the_instance_in_its_row_leads_to_a_case(
    process: str, other: str, small: Data
) -> None:
    with small.transaction() as connection:
        case, instance_id = made(connection, process)
        head = case_heads.of_instance(connection, process, instance_id)
        assert head is not None
        assert (head.follow_up_id or head.recommendation_id) == case
        assert head.classification == "secret"
        for key, id in (
            (process, case), (process, uuid7()), (other, instance_id), ("leave", instance_id),
        ):  # fmt: skip
            assert case_heads.of_instance(connection, key, id) is None
