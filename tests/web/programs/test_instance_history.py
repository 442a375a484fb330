"""The history of an instance that is no real case, and the scope of each changed variable."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine import Engine
from engine.models.elements import Element
from processes.programs.instance_history import scope_words
from tests.engine.models.building import (
    Part,
    bpmn,
    call,
    end,
    extensions,
    multi_instance,
    node,
    process,
    script_task,
    start,
    sub_process,
    user_task,
)
from tests.web.conftest import Office, text

INPUT = Part('<camunda:inputParameter name="limit">${5}</camunda:inputParameter>')
MAPPED = extensions(Part(f"<camunda:inputOutput>{INPUT.xml}</camunda:inputOutput>"))
MODEL = {
    "trip.bpmn": bpmn(
        process(
            "trip",
            start(),
            script_task("plan", "place = 'Bandung'"),
            sub_process("travel", MAPPED, start("s"), user_task("pack"), end("e")),
            sub_process(
                "visit",
                multi_instance("['one', 'two']", "office", sequential=True),
                *(start("vs"), user_task("talk"), end("ve")),
            ),
            call("book", "booking"),
            user_task("rest"),
            end(),
        ),
        process(
            "booking",
            start("bs"),
            node("scriptTask", "price", Part("<script>price = 7</script>"), scriptFormat="python"),
            user_task("pay"),
            end("be"),
        ),
    )
}


@pytest.fixture
def engine(office: Office) -> Engine:
    office.service.engine.deploy(MODEL, "owner")
    return office.service.engine


@pytest.fixture
def trip(engine: Engine) -> UUID:
    """A trip that has come to its rest: every task was answered."""
    case = engine.start("trip", by="owner")
    for answers in (
        {"limit": 6},
        {"office": "three"},
        {"office": "four"},
        {"price": 8, "place": "Bogor"},
    ):
        [task] = engine.tasks(instance_id=case)
        engine.complete(task.id, answers, "owner")
    return case


def values(page: str) -> list[str]:
    """What the steps of a page have written, newest first, as it reads."""
    found = re.findall(r'<ul class="timeline__values".*?</ul>', page, re.DOTALL)
    items = [one for block in found for one in re.findall(r"<li>(.*?)</li>", block, re.DOTALL)]
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in items]


def test_a_variable_of_the_instance_stands_without_a_scope(office: Office, trip: UUID) -> None:
    page = text(office.enter("owner").get(f"/instances/{trip}"))
    assert "place : Bandung" in values(page)


def test_a_changed_variable_names_the_scope_it_belongs_to(office: Office, trip: UUID) -> None:
    page = text(office.enter("owner").get(f"/instances/{trip}"))
    found = values(page)
    assert "limit : 6 subproses Travel" in found
    assert "office : three Visit, putaran 1" in found
    assert "office : four Visit, putaran 2" in found
    assert "price : 8 proses yang dipanggil Book" in found


def test_it_is_said_in_the_reader_s_language(office: Office, trip: UUID) -> None:
    person = office.enter("owner")
    person.post("/language", {"_chosen": "en", "next": "/"})
    found = values(text(person.get(f"/instances/{trip}")))
    assert "limit : 6 sub-process Travel" in found
    assert "office : three Visit, run 1" in found
    assert "price : 8 process called by Book" in found


def test_every_step_is_told_newest_first(office: Office, trip: UUID, engine: Engine) -> None:
    [rest] = engine.tasks(instance_id=trip)
    engine.claim(rest.id, "owner")
    engine.cancel(trip, "Batal berangkat.", "owner")
    page = text(office.enter("owner").get(f"/instances/{trip}"))
    places = [
        page.index(words)
        for words in ("Diakhiri sebelum waktunya", "Rest: diambil", "Pack: selesai")
    ]
    assert places == sorted(places)
    assert "Batal berangkat." in page


def test_the_list_of_instances_leads_to_it(office: Office, trip: UUID) -> None:
    page = text(office.enter("owner").get("/processes/trip/instances"))
    assert f'href="/instances/{trip}"' in page


def test_a_case_of_the_register_is_not_shown_so(office: Office) -> None:
    assert office.enter("owner").get(f"/instances/{office.cases.first}").status_code == 404
    assert office.enter("owner").get(f"/instances/{uuid7()}").status_code == 404


@pytest.mark.parametrize("username", ["kemhan", "coordinator"])
def test_who_keeps_no_instances_reads_no_history(office: Office, trip: UUID, username: str) -> None:
    assert office.enter(username).get(f"/instances/{trip}").status_code in (403, 404)


def test_a_scope_inside_another_is_told_outermost_first() -> None:
    def element(id: str, kind: str) -> Element:
        return Element(id=id, name=id.upper(), kind=kind, line=1, process="p")

    known = {e.id: e for e in (element("a", "subProcess"), element("b", "userTask"))}
    told = [str(one) for one in scope_words("a[2]/b/gone", known)]
    assert told == ["A, run 2", "B", "gone"]
