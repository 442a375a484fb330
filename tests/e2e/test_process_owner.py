"""The process owner in a real browser: draws, edits a table, checks, releases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from engine.storage.later.externals import TopicWanted
from tests.e2e.barriers import LOOKS, barriers
from tests.e2e.conftest import served
from tests.e2e.people import Person
from tests.e2e.product import Product
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    extensions,
    process,
    service_task,
    start,
    sub_process,
    user_task,
)
from tests.processes.stories.world import World

LIMIT = '<camunda:inputParameter name="limit">${5}</camunda:inputParameter>'
TRAVEL = sub_process(
    "travel",
    extensions(Part(f"<camunda:inputOutput>{LIMIT}</camunda:inputOutput>")),
    *(start("s"), user_task("pack"), end("e")),
)
LETTER = {"letter.bpmn": bpmn(process("letter", start(), service_task("send", "post"), end()))}
TRIP = {"trip.bpmn": bpmn(process("trip", start(), TRAVEL, user_task("rest"), end()))}


def issued(world: World) -> None:
    """A recommendation that two institutions work on."""
    world.issued()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for these tests, each of which changes files of its own."""
    folder = tmp_path_factory.mktemp("owner")
    yield from served(f"sqlite:///{folder / 'tindak.db'}", folder, issued)


@pytest.fixture
def owner(browser: Browser, running: Product) -> Iterator[Person]:
    """The process owner, signed in; nothing goes wrong in the browser."""
    person = Person(browser, running, "owner")
    person.sign_in()
    yield person
    person.leave()


def test_a_renamed_task_is_released_as_version_2_and_running_cases_stay_on_version_1(
    owner: Person, running: Product
) -> None:
    page = owner.open("Tindak lanjut", "Ubah proses", "follow_up.bpmn")
    page.locator("[data-element-id=implement] .djs-hit").first.click()
    page.get_by_role("textbox", name="Nama", exact=True).fill("Kerjakan dan laporkan")
    page.get_by_role("textbox", name="Nama dalam bahasa Inggris").fill("Work and report")
    owner.is_told("Tersimpan")
    owner.press("Periksa")
    expect(page.get_by_role("region", name="Masalah")).to_contain_text("Tidak ada masalah.")

    owner.open("Rilis versi 2")
    owner.sees_title("Periksa sebelum dirilis")
    owner.sees("2 kasus yang berjalan tetap pada versinya; kasus baru dimulai pada versi 2.")
    owner.fill({"Catatan": "Nama tugas diperjelas"})
    owner.press("Rilis versi 2")

    owner.is_told("Tindak lanjut: versi 2 dirilis.")
    versions = page.get_by_role("table", name="Versi", exact=True)
    expect(versions.get_by_role("row", name="versi 2")).to_contain_text("Nama tugas diperjelas")
    expect(versions.get_by_role("row", name="versi 1").locator(".number")).to_have_text("2")
    drawn = page.locator("[data-element-id=implement]").first
    expect(drawn).to_contain_text("Kerjakan")
    newest, first = running.service.engine.versions("follow_up")
    assert running.service.engine.instance_counts(newest.id) == {}
    assert running.service.engine.instance_counts(first.id)["active"] == 2


def test_a_cell_of_the_escalation_table_is_edited_and_two_processes_would_change(
    owner: Person, running: Product
) -> None:
    page = owner.open("Rekomendasi", "Ubah proses", "escalation.dmn")
    page.locator("[data-element-id=short_remind_level]").click()
    page.keyboard.press("End")
    page.keyboard.type("1")
    page.locator("[data-element-id=short_remind_channel]").click()
    owner.is_told("Tersimpan")
    owner.open("Rilis versi 2")
    owner.sees("Rekomendasi: versi 2", "Tindak lanjut: versi", "escalation.dmn")
    changed = running.service.engine.model_draft("recommendation").changed["escalation.dmn"]
    cell = changed.content.decode().split('id="short_remind_level"')[1]
    assert cell.split("<text>")[1].startswith("01<")


def test_the_check_marks_the_element_that_is_wrong(owner: Person, running: Product) -> None:
    engine = running.service.engine
    model = engine.model_draft("recommendation").files["recommendation.bpmn"]
    wrong = model.replace(b'topic="issue"', b'topic="isue"')
    engine.save_model_draft("recommendation", "recommendation.bpmn", wrong, "owner")
    page = owner.open("Rekomendasi", "Ubah proses", "recommendation.bpmn")
    expect(page.locator("[data-element-id=issue]").first).to_be_visible()
    owner.press("Periksa")
    expect(page.get_by_role("region", name="Masalah")).to_contain_text("isue")
    expect(page.locator("[data-element-id=issue].has-warning")).to_be_visible()


def test_a_java_class_becomes_an_external_task_where_the_check_offers_it(
    owner: Person, running: Product
) -> None:
    engine = running.service.engine
    engine.deploy(LETTER, "owner")
    content = LETTER["letter.bpmn"].replace(b'topic="post"', b'class="org.x.SendLetterDelegate"')
    engine.save_model_draft("letter", "letter.bpmn", content, "owner")
    page = owner.open("Proses", "Letter", "Ubah proses", "letter.bpmn")
    expect(page.locator("[data-element-id=send]").first).to_be_visible()
    owner.press("Periksa")
    problems = page.get_by_role("region", name="Masalah")
    expect(problems).to_contain_text("1 kesalahan")
    offer = page.get_by_role("button", name="Jadikan tugas luar: send-letter")
    offer.click()
    expect(offer).to_have_count(0)
    expect(problems).not_to_contain_text("1 kesalahan")
    saved = engine.model_draft("letter").files["letter.bpmn"]
    assert b'camunda:topic="send-letter"' in saved
    assert b"org.x" not in saved


def test_topics_with_work_are_told_without_barriers(owner: Person, running: Product) -> None:
    engine, asked = running.service.engine, "kirim/surat"
    engine.deploy(LETTER, "owner")
    long = LETTER["letter.bpmn"].replace(b'"post"', b'"' + asked.encode() + b'"')
    engine.deploy({"letter.bpmn": long}, "owner")
    for _ in range(30):
        engine.start("letter", business_key="2026-" + "9" * 60, by="owner")
    wanted = [TopicWanted(topic=asked, lease=timedelta(hours=1))]
    held, failed, given_up = engine.external.fetch("mesin-surat-1", wanted, 3, "owner")
    told = "java.net.ConnectException: " + "x" * 200
    engine.external.fail(failed.task.id, "mesin-surat-1", told, "at x\n" * 40, retries=2)
    engine.external.fail(given_up.task.id, "mesin-surat-1", told, "at x\n" * 40, retries=0)
    page, at = owner.page, f"{running.url}/topics/kirim%252Fsurat"
    tasks = [f"{running.url}/topics/tasks/{one.task.id}" for one in (held, failed, given_up)]
    shown = ("", "?show=stuck", "?show=workers", "?show=leased", "/retry")
    addresses = [f"{running.url}/topics", *(at + more for more in shown), *tasks]
    addresses.append(f"{tasks[-1]}/retry")
    page.emulate_media(reduced_motion="reduce")
    found = []
    for code in ("en", "id"):
        page.goto(f"{running.url}/topics")
        page.locator(f"button[name=_chosen][value={code}]").click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, address
            found += barriers(page, LOOKS)
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_history_of_an_instance_names_the_scope_of_what_was_written(
    owner: Person, running: Product, width: int, height: int
) -> None:
    engine = running.service.engine
    engine.deploy(TRIP, "owner")
    case = engine.start("trip", {"place": "Bandung"}, by="owner")
    [task] = engine.tasks(instance_id=case)
    engine.complete(task.id, {"limit": 6, "place": "Bogor"}, "owner")

    page = owner.open("Proses", "Trip", "Instans", str(case))
    page.set_viewport_size({"width": width, "height": height})
    owner.sees_title("Riwayat instans")
    written = page.get_by_role("list", name="Ditulis").first.get_by_role("listitem")
    expect(written).to_have_text(["place: Bogor", "limit: 6 subproses Travel"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page, options={"resultTypes": ["violations"]}).violations_count == 0
