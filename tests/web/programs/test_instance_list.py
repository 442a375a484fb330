"""The lists of operators for many rows: running instances and open incidents, sorted, searched,
narrowed, page by page, with how many there are."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import update

from engine.storage.tables import incident
from tests.engine.models.building import bpmn, end, process, start, user_task
from tests.engine.models_of_tests import CALCULATION
from tests.web.conftest import Office, Person, text

ERRAND = {"errand.bpmn": bpmn(process("errand", start(), user_task("walk"), end()))}
MANY = 60
INSTANCE = re.compile(r'href="/instances/([0-9a-f-]{36})"')
SORTS = ("started", "key", "by")


@pytest.fixture
def errands(office: Office) -> list[str]:
    """More than two pages, begun one after another; every second has a key of its own."""
    engine = office.service.engine
    engine.deploy(ERRAND, "owner")
    found = []
    for number in range(MANY):
        key = f"SURAT/{number:02}" if number % 2 == 0 else None
        by = "kemhan" if number % 10 == 0 else "owner"
        found.append(str(engine.start("errand", business_key=key, by=by)))
        office.clock.advance(hours=1)
    return found


def walked(person: Person, url: str, row: re.Pattern[str]) -> list[str]:
    """Every row of a list, from page to page and back again."""
    found: list[str] = []
    next: str | None = url
    while next:
        last, page = next, text(person.get(next))
        found += row.findall(page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        next = unescape(link[1]) if link else None
    back = re.search(r'rel="prev" href="([^"]+)"', text(person.get(last)))
    if back:
        assert row.findall(text(person.get(unescape(back[1])))), "the way back leads to rows"
    return found


@pytest.mark.parametrize("sort", SORTS)
def test_all_instances_stand_on_the_pages_in_every_order(
    office: Office, errands: list[str], sort: str
) -> None:
    owner = office.enter("owner")
    up = walked(owner, f"/processes/errand/instances?sort={sort}", INSTANCE)
    down = walked(owner, f"/processes/errand/instances?sort=-{sort}", INSTANCE)
    assert sorted(up) == sorted(down) == sorted(errands)
    if sort == "started":
        assert up == errands and down == errands[::-1]
    if sort == "key":
        assert up[:30] == errands[::2], "those without a key come last"
        assert down[:30] == errands[::2][::-1], "also downwards"


def test_a_list_of_instances_says_how_many_there_are_and_the_process_page_too(
    office: Office, errands: list[str]
) -> None:
    owner = office.enter("owner")
    assert f"{MANY} instans" in text(owner.get("/processes/errand/instances"))
    assert "30 instans" in text(owner.get("/processes/errand/instances?q=surat"))
    process_page = text(owner.get("/processes/errand"))
    assert re.search(rf'href="/processes/errand/instances">\s*{MANY}\s*<', process_page)


def test_instances_are_found_by_key_person_number_and_day(
    office: Office, errands: list[str]
) -> None:
    owner, url = office.enter("owner"), "/processes/errand/instances"
    assert walked(owner, f"{url}?q=surat/04", INSTANCE) == [errands[4]]
    assert walked(owner, f"{url}?q=Kemhan", INSTANCE) == errands[::10]
    assert walked(owner, f"{url}?q={errands[7]}", INSTANCE) == [errands[7]]
    assert walked(owner, f"{url}?from=1/1/2090", INSTANCE) == []
    page = text(owner.get(f"{url}?q=tidak+ada"))
    assert "Hapus salah satu" in page or "Tidak ada yang cocok" in page


def test_incidents_are_sorted_narrowed_and_counted_page_by_page(office: Office) -> None:
    engine = office.service.engine
    engine.deploy(CALCULATION, "owner")
    for number in range(30):
        case = engine.start("calculation")
        (task,) = engine.tasks(instance_id=case)
        received = engine.complete(task.id, {"count": 0}, "kemhan" if number % 3 else "owner")
        with office.service.transaction() as connection:
            mine = incident.c.id == received.incident
            connection.execute(update(incident).where(mine).values(tries=number))
        office.clock.advance(hours=1)
    owner, tries = office.enter("owner"), re.compile(r"<dt>Percobaan</dt><dd>(\d+)</dd>")
    assert "30 insiden" in text(owner.get("/incidents"))
    assert walked(owner, "/incidents?sort=tries", tries) == [str(n) for n in range(30)]
    assert walked(owner, "/incidents", tries) == [str(n) for n in reversed(range(30))]
    assert "20 insiden" in text(owner.get("/incidents?q=kemhan"))
    assert "30 insiden" in text(owner.get("/incidents?q=divide&process=calculation"))
    assert walked(owner, "/incidents?process=follow_up", tries) == []
    assert walked(owner, f"/incidents?q={case}", tries) == ["29"]
