"""A form that offers many institutions: they are found by typing, with and without script."""

from __future__ import annotations

import re

import pytest
from uuid_utils.compat import uuid7

from processes.storage.people import institutions
from processes.storage.people.institutions import Institution
from tests.web.cases.test_follow_up_pages import english, words
from tests.web.cases.test_recommendation_pages import COMPLETE
from tests.web.conftest import Office, text


@pytest.fixture(autouse=True)
def crowd(office: Office) -> None:
    """Sixty institutions more."""
    english(office, "coordinator")
    with office.service.transaction() as connection:
        for number in range(60):
            name = f"Badan Contoh {number}"
            row = Institution(
                f"badan-{number}", name, name, "agency", True, "common", None, None, None, "", "",
                office.clock.now,
            )  # fmt: skip
            institutions.insert_institution(connection, row)


def offered(page: str, field: str) -> list[tuple[str, bool]]:
    """The boxes of a field: value and whether it is ticked, in their order."""
    boxes = re.findall(rf'name="{field}"\s+value="([\w-]+)"( checked)?', page)
    return [(value, bool(ticked)) for value, ticked in boxes]


def test_of_many_institutions_only_those_are_shown_that_are_ticked_or_sought(
    office: Office,
) -> None:
    coordinator = office.enter("coordinator")
    blank = coordinator.get("/recommendations/new")
    assert offered(text(blank), "lead") == []
    assert "Type part of a name; there are" in words(blank)
    address = "/recommendations/new"
    form = {**COMPLETE, "_find_supporting": "contoh 10", "act": "find:supporting"}
    page = text(coordinator.post(address, form))
    assert offered(page, "lead") == [("kemhan", True)]
    assert offered(page, "supporting")[0] == ("kemenkeu", True), "what is ticked stays in sight"
    found = [value for value, ticked in offered(page, "supporting") if not ticked]
    assert found == ["badan-10"], "every word of the search counts"
    assert "Percepat sertifikasi komponen dalam negeri.</textarea>" in page


def test_a_search_begins_nothing_and_a_search_for_nobody_says_so(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    before = len(office.service.engine.tasks(limit=200))
    address = "/recommendations/new"
    page = coordinator.post(address, {"_find_lead": "nobody", "act": "find:lead"})
    assert re.search(r"None of \d+ matches “nobody”\.", words(page))
    assert len(office.service.engine.tasks(limit=200)) == before


def test_what_was_found_and_ticked_is_registered_and_found_again_when_finalised(
    office: Office,
) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    chosen = {**COMPLETE, "supporting": ["badan-7"], "_find_supporting": "contoh 8"}
    sent = {**chosen, "act": "check"}
    coordinator.post(f"/recommendations/new/{uuid7()}", sent, follow_redirects=True)
    task = office.task("register")
    page = text(coordinator.post(task, {**chosen, "act": "find:supporting"}))
    assert offered(page, "supporting")[:2] == [("badan-7", True), ("badan-18", False)]
    coordinator.post(f"{task}/complete", chosen)
    office.service.engine.run_due()
    comment = [one for one in office.service.engine.tasks(limit=200) if one.element_id == "comment"]
    assert {group for one in comment for group in one.candidate_groups} == {
        "institution:kemhan",
        "institution:badan-7",
    }


def test_an_error_leads_to_the_search_of_its_field(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    answers = {**COMPLETE, "lead": "", "act": "check"}
    page = text(coordinator.post(f"/recommendations/new/{uuid7()}", answers, follow_redirects=True))
    assert 'href="#field-lead"' in page
    assert re.search(r'<input[^>]*type="search" id="field-lead"', page)
