"""The process editor can set every property that the engine reads, and writes it in the engine's
form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.models.bpmn import read_bpmn
from engine.models.elements import Element
from tests.e2e.test_entries import Site
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    compensate,
    condition,
    end,
    event,
    process,
    service_task,
    start,
    throw,
    timer,
    undoing,
    user_task,
)

LOOP = Part("<standardLoopCharacteristics/>")
MODEL = bpmn(
    process(
        "p",
        start(),
        start("daily", timer("R/P1D", "timeCycle")),
        user_task("book"),
        Part(undoing("book")[0].xml),
        Part(user_task("undo_book", isForCompensation=True).xml),
        user_task("again", LOOP),
        service_task("send", None),
        service_task("ask", "bank"),
        call("go", "other"),
        catch("wait", condition("n > 1")),
        catch("both", Part(event("message", "m").xml + event("signal", "s").xml)),
        boundary("failed", "send", event("error", "bad")),
        throw("tell", event("message", "m")),
        end("back", compensate()),
    )
).decode()


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    """A desktop window; afterwards nothing may have been refused or thrown."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        site = Site(context.new_page())
        yield site
        assert site.errors == []


def opened(site: Site, element: str) -> Page:
    """The editor with this element selected."""
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    select(page, element)
    return page


def select(page: Page, element: str) -> None:
    """Select an element, with all groups of its properties open."""
    page.locator(f"[data-element-id={element}] .djs-hit").first.click(force=True)
    expect(page.locator(".bio-properties-panel-id input, #bio-properties-panel-id")).to_have_value(
        element
    )
    closed = ".bio-properties-panel-group-header:not(.open)"
    page.locator(closed).evaluate_all("headers => headers.forEach(header => header.click())")


def saved(site: Site, element: str) -> Element:
    """The element as the engine reads what the editor has saved last."""
    expect(site.page.get_by_role("status")).to_have_text("Tersimpan 14.31")
    [read] = read_bpmn(site.sent[-1][2].encode(), "p.bpmn").processes
    return read.elements[element]


@contextmanager
def setting(site: Site, element: str) -> Iterator[Page]:
    """Select an element and set one of its properties: exactly one thing is saved."""
    page = opened(site, element)
    before = len(site.sent)
    yield page
    expect(page.get_by_role("status")).to_have_text("Tersimpan 14.31")
    assert len(site.sent) > before


Told = Callable[[Element], object]
TYPED: list[tuple[str, str, str, Told, object]] = [
    ("book", "Isian yang ditanyakan lagi", "done, approved",
     lambda one: sorted(one.asked_anew), ["approved", "done"]),
    ("again", "Diulang selama", "more == true",
     lambda one: one.standard_loop.condition.source, "more == true"),  # type: ignore[union-attr]
    ("again", "Paling banyak berapa kali", "3",
     lambda one: one.standard_loop.most, 3),  # type: ignore[union-attr]
    ("send", "Topik", "notify", lambda one: one.topic, "notify"),
    ("ask", "Prioritas bagi pekerja luar", "7",
     lambda one: one.task_priority.source, "7"),  # type: ignore[union-attr]
    ("send", "Ungkapan", "${n + 1}",
     lambda one: one.expression.source, "${n + 1}"),  # type: ignore[union-attr]
    ("send", "Simpan hasil ke variabel", "more", lambda one: one.result_variable, "more"),
    ("tell", "Topik", "notify", lambda one: one.topic, "notify"),
    ("start", "Simpan pemulai ke variabel", "starter", lambda one: one.initiator, "starter"),
    ("wait", "Nama variabel", "n",
     lambda one: one.event.condition.variable, "n"),  # type: ignore[union-attr]
    ("wait", "Setelah variabel", "create",
     lambda one: one.event.condition.writes, {"create"}),  # type: ignore[union-attr]
    ("failed", "Variabel kode", "code",
     lambda one: one.event.code_variable, "code"),  # type: ignore[union-attr]
    ("failed", "Variabel pesan", "why",
     lambda one: one.event.message_variable, "why"),  # type: ignore[union-attr]
    ("daily", "Nilai", "0 9 * * 1",
     lambda one: one.event.timer.literal, "0 9 * * 1"),  # type: ignore[union-attr]
]  # fmt: skip


@pytest.mark.parametrize(
    ("element", "label", "text", "told", "value"),
    [pytest.param(*one, id=f"{one[0]}: {one[1]}") for one in TYPED],
)
def test_a_property_is_typed(
    site: Site, element: str, label: str, text: str, told: Told, value: object
) -> None:
    with setting(site, element) as page:
        page.locator(".editor__properties").get_by_label(label, exact=True).fill(text)
    assert told(saved(site, element)) == value


def test_what_a_compensation_undoes_is_chosen_among_what_can_be_undone(site: Site) -> None:
    with setting(site, "back") as page:
        choice = page.get_by_label("Yang dibatalkan")
        words = ["semua yang selesai di sini", "Book"]
        expect(choice.locator("option")).to_have_text(words)
        choice.select_option(label="Book")
    undone = saved(site, "back").event
    assert undone is not None
    assert undone.code == "book"


def test_the_kind_of_an_event_is_said_in_indonesian(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    kinds = {"back": "Kejadian akhir kompensasi", "wait": "Kejadian antara (menunggu) syarat"}
    for element, words in kinds.items():
        select(page, element)
        expect(page.locator(".bio-properties-panel-header-type")).to_have_text(words)


def test_it_undoes_everything_again(site: Site) -> None:
    with setting(site, "back") as page:
        page.get_by_label("Yang dibatalkan").select_option(label="Book")
        expect(page.get_by_label("Yang dibatalkan")).to_have_value("book")
        page.get_by_label("Yang dibatalkan").select_option(index=0)
        expect(page.get_by_label("Yang dibatalkan")).to_have_value("")
    undone = saved(site, "back").event
    assert undone is not None
    assert undone.code is None


@pytest.mark.parametrize(
    ("element", "label", "told"),
    [
        ("again", "Tanyakan sebelum yang pertama", lambda one: one.standard_loop.before),
        ("both", "Semuanya harus datang", lambda one: one.event.all_of),
    ],
)
def test_a_property_is_ticked(site: Site, element: str, label: str, told: Told) -> None:
    with setting(site, element) as page:
        page.get_by_label(label).check(force=True)
    assert told(saved(site, element)) is True


def test_the_version_of_a_called_process_is_chosen(site: Site) -> None:
    with setting(site, "go") as page:
        page.get_by_label("Versi yang dipakai").select_option(label="versi tertentu")
        page.get_by_role("textbox", name="versi tertentu").fill("2")
    called = saved(site, "go")
    assert (called.binding, called.version) == ("version", 2)


def test_a_text_that_is_no_number_is_no_maximum(site: Site) -> None:
    with setting(site, "again") as page:
        page.get_by_label("Diulang selama").fill("more")
        page.get_by_label("Paling banyak berapa kali").fill("many")
    loop = saved(site, "again").standard_loop
    assert loop is not None
    assert loop.most is None


def test_what_is_only_told_is_not_offered(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", MODEL, lang="en")
    words = (
        "Asynchronous|listener|Connector|Java|Wait for completion|Tenant|Retry|Field inj|Delegate"
    )
    for element in ("send", "book", "go", "back", "again"):
        select(page, element)
        panel = page.locator(".editor__properties")
        expect(panel).to_contain_text("General")
        expect(panel).not_to_contain_text(re.compile(words))
