"""Which instance owns a case: what the engine is told when a model reaches for one."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from engine.ports.cases import Case, Identity
from processes.lifecycle.reach import Register
from processes.storage.cases import case_owners
from tests.processes.lifecycle.conftest import Desk

REGISTER = Register()


def family(
    desk: Desk, process: str, key: str | None, instance_id: UUID | None = None
) -> str | None:
    asked = Identity(instance_id or desk.instance_id, process, key)
    return REGISTER.family(desk.connection, asked)


def test_a_follow_up_is_of_the_family_of_its_recommendation(part: Desk) -> None:
    whole = str(part.follow_up.recommendation_id)
    assert family(part, "follow_up", str(part.id)) == whole
    beside = case_owners.of_instance(part.connection, "follow_up", part.instance_id)
    assert beside == (part.id, part.follow_up.recommendation_id)


def test_a_recommendation_is_a_family_itself(whole: Desk) -> None:
    assert family(whole, "recommendation", str(whole.id)) == str(whole.id)


@pytest.mark.parametrize("key", [None, "", "kunci", str(UUID(int=7))])
def test_the_owner_of_a_row_under_another_key_owns_no_case(key: str | None, part: Desk) -> None:
    assert family(part, "follow_up", key) is None


def test_the_key_of_a_case_without_its_row_owns_none(part: Desk) -> None:
    assert family(part, "follow_up", str(part.id), uuid4()) is None


def test_an_instance_of_the_other_process_owns_none(part: Desk, whole: Desk) -> None:
    assert family(part, "recommendation", str(part.id)) is None
    assert family(whole, "follow_up", str(whole.id)) is None


def test_a_key_leads_to_the_case_and_to_the_instance_that_owns_it(part: Desk, whole: Desk) -> None:
    of = REGISTER.case_of_key
    found = of(part.connection, str(part.id))
    assert found == Case(str(part.follow_up.recommendation_id), part.instance_id)
    assert of(part.connection, str(whole.id)) == Case(str(whole.id), whole.instance_id)


@pytest.mark.parametrize("key", ["", "kunci", "REK-2026-0001", str(UUID(int=7))])
def test_a_key_of_nothing_leads_to_no_case(key: str, part: Desk) -> None:
    assert REGISTER.case_of_key(part.connection, key) is None


def test_a_case_is_found_however_its_key_is_written(part: Desk) -> None:
    """Else a model could shut a case out of its limits by writing its key otherwise."""
    for key in (part.id.hex, str(part.id).upper(), f"{{{part.id}}}", f"urn:uuid:{part.id}"):
        found = REGISTER.case_of_key(part.connection, key)
        assert found is not None and found.instance_id == part.instance_id
