"""One press in the editor turns code of another engine into an external task."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from engine.models.bpmn import read_bpmn
from engine.models.bpmn.file import BpmnFile
from engine.sentences.problems import MakeTopic
from tests.e2e.test_entries import Site
from tests.engine.models.bpmn.test_topics import CONNECTOR, OPERATON
from tests.engine.models.building import Part, bpmn, end, extensions, node, process, start
from web.words.problem_sentences import fix_record


def in_words_of_operaton(model: bytes) -> bytes:
    renamed = model.replace(b"http://camunda.org/schema/1.0/bpmn", OPERATON.encode())
    return renamed.replace(b"xmlns:camunda", b"xmlns:operaton").replace(b" camunda:", b" operaton:")


OWN = (
    '<camunda:inputOutput><camunda:inputParameter name="host">x</camunda:inputParameter>'
    "</camunda:inputOutput>"
)
THROWN = Part('<messageEventDefinition camunda:delegateExpression="${courier}"/>')
CALLS = node("serviceTask", "a", camunda_class="x.SendDelegate", camunda_resultVariable="r")
MODELS = {
    "class": bpmn(process("p", start(), CALLS, end())),
    "class of a relative": in_words_of_operaton(bpmn(process("p", start(), CALLS, end()))),
    "thrown message": bpmn(process("p", start(), end("a", THROWN))),
    "connector": bpmn(
        process("p", start(), node("serviceTask", "a", extensions(Part(CONNECTOR))), end())
    ),
    "connector beside parameters": bpmn(
        process("p", start(), node("serviceTask", "a", extensions(Part(OWN + CONNECTOR))), end())
    ),
}


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    """A desktop window; afterwards nothing may have been refused or thrown."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        site = Site(context.new_page())
        yield site
        assert site.errors == []


def saved(site: Site) -> BpmnFile:
    """What the engine reads of what the editor has saved last."""
    expect(site.page.get_by_role("status").first).to_have_text("Tersimpan 14.31")
    return read_bpmn([body for path, _, body in site.sent if path == "/save"][-1].encode(), "p")


def offered(site: Site, model: bytes) -> MakeTopic:
    """The editor after a check, whose finding offers the correction."""
    found = [one for one in read_bpmn(model, "p.bpmn").problems if one.fix]
    fix = found[0].fix
    assert fix is not None
    told = {"file": "p.bpmn", "element_id": "a", "severity": "error", "what": "x", "advice": "y"}
    site.answers["/check"] = {"json": {"problems": [told | {"fix": fix_record(fix)}]}}
    page = site.open_editor("modeler", "p.bpmn", model.decode())
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("region", name="Masalah")).to_contain_text("1 kesalahan")
    return fix


@pytest.mark.parametrize("kind", MODELS)
def test_one_press_makes_it_a_topic_and_one_undo_takes_it_back(site: Site, kind: str) -> None:
    fix, page = offered(site, MODELS[kind]), site.page
    site.answers["/check"] = {"json": {"problems": []}}
    page.get_by_role("button", name=f"Jadikan tugas luar: {fix.topic}").click()
    expect(page.get_by_role("region", name="Masalah")).to_contain_text("Tidak ada masalah.")
    expect(page.get_by_role("button", name="Tutup", exact=True)).to_be_focused()
    made = saved(site)
    assert [one.code for one in made.problems if one.severity == "error"] == []
    task = made.processes[0].elements["a"]
    assert (task.topic, task.result_variable) == (fix.topic, None)
    given = {"connector": ["url"], "connector beside parameters": ["host", "url"]}
    assert [name for name, _ in task.inputs] == given.get(kind, [])

    sent = len(site.sent)
    page.locator("[data-element-id=a] .djs-hit").first.click()
    page.locator(".djs-container svg").first.press("Control+z")
    expect(page.get_by_role("status").first).to_have_text("Tersimpan 14.31")
    for _ in range(100):
        if len(site.sent) > sent:
            break
        page.wait_for_timeout(50)
    back = saved(site)
    assert [one.fix for one in back.problems if one.fix][:1] == [fix]
    assert [name for name, _ in back.processes[0].elements["a"].inputs] == (
        ["host"] if kind == "connector beside parameters" else []
    )


def test_a_finding_of_another_file_offers_no_correction_here(site: Site) -> None:
    fix = fix_record(MakeTopic("a", "send", "x.Send"))
    told = {"file": "q.bpmn", "element_id": "a", "severity": "error", "what": "x", "advice": "y"}
    site.answers["/check"] = {"json": {"problems": [told | {"fix": fix}]}}
    page = site.open_editor("modeler", "p.bpmn", MODELS["class"].decode())
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("region", name="Masalah")).to_contain_text("q.bpmn")
    expect(page.get_by_role("button", name="Jadikan")).to_have_count(0)
