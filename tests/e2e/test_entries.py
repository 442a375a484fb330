"""Each entry of the front end in a real browser, on small pages under the product's strict policy.

This file gives the pages and the server's answers, so that the scripts' side of the contract is
tested alone: they send the right data, show the right words, and the policy refuses nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from engine.models.forms.conditions import Comparison, Condition
from web.assets.build import DIST
from web.assets.manifest import asset_reader

STOPPED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SITE = "http://tindak.test"
STRICT = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
EDITING = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:o="http://example.org/other">
 <process id="p" isExecutable="true">
  <userTask id="implement" name="Laksanakan"><extensionElements><o:note kept="yes"/>
   </extensionElements></userTask>
  <serviceTask id="send" name="Beri tahu"/>
 </process>
 <bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="pl" bpmnElement="p">
  <bpmndi:BPMNShape id="s1" bpmnElement="implement">
   <dc:Bounds x="100" y="100" width="100" height="80"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape id="s2" bpmnElement="send">
   <dc:Bounds x="300" y="100" width="100" height="80"/></bpmndi:BPMNShape>
 </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"""
DECISIONS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
 <decision id="first" name="Pertama"><decisionTable id="t1" hitPolicy="FIRST">
  <input id="i1" label="Tahap"><inputExpression id="e1" typeRef="string"><text>stage</text>
  </inputExpression></input><output id="o1" label="Tingkat" name="level" typeRef="integer"/>
  <rule id="r1"><inputEntry id="x1"><text>"plan"</text></inputEntry>
  <outputEntry id="y1"><text>1</text></outputEntry></rule></decisionTable></decision>
 <decision id="second" name="Kedua"><decisionTable id="t2"><output id="o2" name="n"/>
 </decisionTable></decision>
</definitions>"""


class Site:
    """Pages and answers by path; remembers what was sent. `page` fails the test on any error."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: dict[str, dict[str, Any]] = {}
        self.sent: list[tuple[str, str, str]] = []
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.route(f"{SITE}/**", self._answer)

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.errors.append(text)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if route.request.method != "GET":
            token = route.request.headers.get("x-csrftoken", "")
            self.sent.append((path, token, route.request.post_data or ""))
        if path.startswith("/dist/"):
            route.fulfill(path=DIST / path.removeprefix("/dist/"))
        else:
            route.fulfill(**self.answers.get(path, {"status": 404, "body": ""}))

    @property
    def drafts(self) -> list[tuple[str, str]]:
        """What was saved: address and entries, without the time that a page sends along."""
        return [(path, re.sub(r"&_order=\d+$", "", body)) for path, _, body in self.sent]

    def stop_clock(self) -> None:
        """From now on the time of the page goes on only where a test says so (`page.clock`)."""
        self.page.clock.install(time=STOPPED - timedelta(days=1))
        self.page.clock.pause_at(STOPPED)

    def open(self, entry: str, body: str, *, policy: str = STRICT, lang: str = "id") -> Page:
        """A page with the user entry, `entry`, and this body."""
        asset = asset_reader(DIST, "/dist/")
        files = [asset(name) for name in dict.fromkeys(("user", entry))]
        links = "".join(f'<link rel="stylesheet" href="{css}">' for a in files for css in a.css)
        scripts = "".join(f'<script type="module" src="{a.js}"></script>' for a in files)
        html = f'<!doctype html><html lang="{lang}"><head><title>t</title>{links}{scripts}</head>'
        self.answers["/"] = {
            "body": f"{html}<body>{body}</body></html>",
            "headers": {"Content-Security-Policy": policy, "Content-Type": "text/html"},
        }
        self.page.goto(f"{SITE}/")
        return self.page

    def open_editor(self, entry: str, file: str, xml: str, lang: str = "id") -> Page:
        """The page of an editor with its three addresses."""
        self.answers["/load"] = {"body": xml, "content_type": "application/xml"}
        self.answers.setdefault("/save", {"json": {"saved_at": "14.31"}})
        body = (
            f'<main class="editor" data-editor data-file="{file}" data-load-url="/load" '
            'data-save-url="/save" data-check-url="/check" data-csrf="token"><div '
            'class="editor__bar"><h1>t</h1><span data-editor-state role="status"></span>'
            '<button type="button" data-editor-check>Periksa</button>'
            '<a id="away" data-editor-release href="/away">Rilis</a></div></main>'
        )
        return self.open(entry, body, policy=EDITING, lang=lang)


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    """A fresh desktop window; afterwards nothing may have been refused or thrown."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        site = Site(context.new_page())
        yield site
        assert site.errors == []


SEARCH = """<form action="/send" method="post"><input name="title" value="Draf">
<fieldset id="lead-choice" tabindex="-1" data-sought><legend>Utama</legend>
<input type="search" id="lead" name="_find_lead" value="{text}" data-seeks>
<button name="act" value="find:lead" formaction="/redraw">Cari</button>
<p role="status">{said}</p><div data-found>{found}</div></fieldset></form>"""
BOX = '<label><input type="checkbox" name="lead" value="{0}">{0}</label>'


def test_choices_are_found_while_typing_and_the_form_stays_as_it_is(site: Site) -> None:
    boxes = BOX.format("brin") + BOX.format("bps")
    drawn = SEARCH.format(text="b", said="2 cocok", found=boxes)
    site.answers["/redraw"] = {"body": drawn, "content_type": "text/html"}
    page = site.open("user", SEARCH.format(text="", said="Ketik", found=""))
    page.fill("input[name=title]", "Diubah")
    page.fill("#lead", "b")
    expect(page.get_by_role("status")).to_have_text("2 cocok")
    page.check("input[value=bps]")
    page.press("#lead", "Enter")
    expect(page.locator("input[value=bps]")).not_to_be_checked()
    assert page.input_value("input[name=title]") == "Diubah"
    assert [path for path, *_ in site.sent] == ["/redraw", "/redraw"], "nothing is sent as done"
    assert 'name="lead"\r\n\r\nbps' in site.sent[1][2], "what is ticked goes along"


def test_a_search_that_cannot_be_drawn_goes_as_a_whole_page(site: Site) -> None:
    site.answers["/redraw"] = {"status": 409, "body": "<h1>Sudah selesai</h1>"}
    page = site.open("user", SEARCH.format(text="", said="Ketik", found=""))
    page.fill("#lead", "b")
    expect(page.get_by_role("heading")).to_have_text("Sudah selesai")


def test_a_draft_is_saved_while_typing_and_says_so(site: Site) -> None:
    site.answers["/draft"] = {"body": "Tersimpan 14.31", "content_type": "text/html"}
    page = site.open("user", DRAFT_FORM)
    page.fill("#title", "Laporan")
    expect(page.locator(".save-state")).to_have_text("Tersimpan 14.31")
    assert site.drafts == [("/draft", "title=Laporan")]


def test_a_draft_is_saved_soon_after_each_pause_and_only_when_something_changed(site: Site) -> None:
    site.answers["/draft"] = {"body": "Tersimpan 14.31", "content_type": "text/html"}
    page = site.open("user", DRAFT_FORM)
    state = page.locator(".save-state")
    site.stop_clock()
    page.fill("#title", "L")
    page.clock.run_for(1_900)
    assert site.sent == []
    page.fill("#title", "La")
    page.clock.run_for(1_900)
    assert site.sent == [], "somebody is typing still"
    page.clock.run_for(200)
    expect(state).to_have_text("Tersimpan 14.31")
    page.fill("#title", "Lap")
    page.fill("#title", "La")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    page.clock.run_for(60_000)
    expect(state).to_have_text("Tersimpan 14.31")
    assert site.drafts == [("/draft", "title=La")]


def test_a_draft_of_a_task_that_has_ended_is_told_so(site: Site) -> None:
    site.answers["/draft"] = {"status": 409, "body": "<h1>page of the task</h1>"}
    page = site.open("user", DRAFT_FORM)
    page.fill("#title", "Laporan")
    expect(page.locator(".save-state--failed")).to_have_text("Tugas sudah selesai")


def test_an_ended_session_is_not_taken_for_a_lost_connection(site: Site) -> None:
    site.answers["/draft"] = {"status": 401, "body": "<h1>sign in</h1>"}
    page = site.open("user", DRAFT_FORM)
    page.fill("#title", "Laporan")
    expect(page.locator(".save-state--failed")).to_have_text("Sesi berakhir")


def test_typing_without_a_pause_is_saved_now_and_then(site: Site) -> None:
    site.answers["/draft"] = {"body": "Tersimpan 14.31", "content_type": "text/html"}
    page = site.open("user", DRAFT_FORM)
    site.stop_clock()
    for second in range(45):
        page.fill("#title", "x" * (second + 1))
        page.clock.run_for(1_000)
    page.clock.run_for(30_000)
    expect(page.locator(".save-state")).to_have_text("Tersimpan 14.31")
    typed = [body for _, body in site.drafts]
    assert 2 <= len(typed) <= 4
    assert typed[0] != typed[-1] == "title=" + "x" * 45


def test_what_was_typed_just_before_the_page_is_left_is_saved_too(site: Site) -> None:
    site.answers["/draft"] = {"body": "Tersimpan 14.31", "content_type": "text/html"}
    page = site.open("user", DRAFT_FORM)
    site.stop_clock()
    page.fill("#title", "Laporan")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(page.locator(".save-state")).to_have_text("Tersimpan 14.31")
    assert site.drafts == [("/draft", "title=Laporan")]


def test_a_long_text_without_a_draft_is_not_left_unasked(site: Site) -> None:
    site.answers["/away"] = {"body": "<h1>away</h1>", "content_type": "text/html"}
    form = '<form class="form" method="post" action="/send"><textarea id="t" name="t"></textarea>'
    page = site.open("user", f'{form}<button>Kirim</button></form><a href="/away">pergi</a>')
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.locator("#t").press_sequentially("Laporan")
    page.get_by_text("pergi").click()
    expect(page.locator("h1")).to_have_text("away")
    assert asked == ["beforeunload"]


def test_what_a_refused_form_brings_back_is_saved_without_another_key(site: Site) -> None:
    site.answers["/draft"] = {"body": "Tersimpan 14.31", "content_type": "text/html"}
    page = site.open("user", DRAFT_FORM.replace("data-unsaved", "data-unkept data-unsaved"))
    expect(page.locator(".save-state")).to_have_text("Tersimpan 14.31")
    assert [path for path, _, _ in site.sent] == ["/draft"]


def test_a_form_that_is_sent_is_not_saved_as_a_draft_beside_it(site: Site) -> None:
    site.answers["/send"] = {"body": "<h1>sent</h1>", "content_type": "text/html"}
    page = site.open("user", DRAFT_FORM)
    page.fill("#title", "Laporan")
    page.click("button")
    expect(page.locator("h1")).to_have_text("sent")
    assert [path for path, _, _ in site.sent] == ["/send"]


def test_an_error_page_is_never_put_into_the_line_of_words(site: Site) -> None:
    site.answers["/draft"] = {"status": 500, "body": "<h1>error page</h1>"}
    page = site.open("user", DRAFT_FORM)
    page.fill("#title", "Laporan")
    expect(page.locator(".save-state")).to_have_text("Belum tersimpan, isian tetap ada")
    expect(page.locator("h1")).to_have_count(0)


DRAFT_FORM = """<form method="post" action="/send"><input id="title" name="title">
<button>Kirim</button><span class="save-state" role="status" data-draft-url="/draft"
 data-unsaved="Belum tersimpan" data-ended="Tugas sudah selesai" data-signed-out="Sesi berakhir"
 data-failed="Belum tersimpan, isian tetap ada"></span></form>"""


@pytest.mark.parametrize(
    ("typed", "long_form"),
    [
        ("3/4/2026", "Jumat, 3 April 2026"),
        ("9 Des 2025", "Selasa, 9 Desember 2025"),
        ("2025-12-09", "Selasa, 9 Desember 2025"),
        ("30/2/2026", ""),
        ("besok", ""),
    ],
)
def test_a_typed_date_is_echoed_in_long_form(site: Site, typed: str, long_form: str) -> None:
    page = site.open(
        "user", '<div class="field"><input data-date><p class="field__echo" data-echo></p></div>'
    )
    page.fill("input", typed)
    page.locator("input").blur()
    expect(page.locator(".field__echo")).to_have_text(long_form)


CONDITIONS: tuple[list[list[list[Any]]], ...] = (
    [[["a", "=", "x"]]],
    [[["a", "!=", "x"]]],
    [[["a", "=", "x"], ["b", "=", "y"]]],
    [[["n", "<", 100]]],
    [[["n", "=", 0]]],
    [[["t", "=", True]]],
    [[["a", "=", None]]],
)
ANSWERED: tuple[dict[str, object], ...] = (
    {}, {"a": "x"}, {"a": "z"}, {"b": "z"}, {"a": "x", "b": "y"}, {"n": 99.5}, {"n": 0}, {"t": True}
)  # fmt: skip


def test_browser_and_server_agree_on_what_is_hidden(site: Site) -> None:
    radios = "".join(
        f'<input type="radio" name="{name}" value="{value}">' for name in "ab" for value in "xyz"
    )
    rules = "".join(
        f"<p data-hides='{json.dumps(rule)}'>{number}</p>" for number, rule in enumerate(CONDITIONS)
    )
    body = f'<form>{radios}<input name="n"><input type="checkbox" name="t">{rules}</form>'
    for values in ANSWERED:
        page = site.open("user", body)
        for name, value in values.items():
            if name in "ab":
                page.check(f"[name={name}][value={value}]")
            elif name == "t":
                page.check("[name=t]")
            else:
                page.fill("[name=n]", str(value).replace(".", ","))
                page.locator("[name=n]").blur()
        hidden = page.evaluate("[...document.querySelectorAll('[data-hides]')].map(p => p.hidden)")
        assert hidden == [_hides(rule, {"t": False, **values}) for rule in CONDITIONS], values


def _hides(rule: list[list[list[Any]]], values: dict[str, object]) -> bool:
    parts = (tuple(Comparison(*part) for part in alternative) for alternative in rule)
    return Condition(tuple(parts)).holds(values)


def test_the_theme_follows_the_system_before_the_first_paint(site: Site) -> None:
    follow = asset_reader(DIST, "/dist/")("follow")
    site.page.emulate_media(color_scheme="dark")
    page = site.open("user", f'<script src="{follow.js}"></script>')
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_the_head_of_a_printed_page_stands_on_each_sheet(site: Site) -> None:
    page = site.open(
        "user",
        '<main class="page"><div class="print-head print-only"><p>h</p></div><p>t</p></main>',
    )
    page.emulate_media(media="print")
    expect(page.locator(".print-head")).to_have_css("display", "table-header-group")
    expect(page.locator("main")).to_have_css("display", "table")
    page.emulate_media(media="screen")
    expect(page.locator(".print-head")).to_be_hidden()


def diagram(**facts: object) -> str:
    data = json.dumps({"xml": MODEL, **facts}).replace("<", "\\u003c")
    return (
        '<div class="diagram" data-diagram data-label="Alur">'
        f'<script type="application/json">{data}</script></div>'
    )


def test_a_diagram_shows_where_a_case_is_and_how_many_stand_where(site: Site) -> None:
    counts = {"send": {"number": 12, "words": "12 kasus", "href": "/list"}, "gone": 3}
    page = site.open("diagram", diagram(current=["implement"], counts=counts))
    expect(page.get_by_role("region", name="Alur")).to_be_visible()
    expect(page.locator("[data-element-id=implement].is-current")).to_be_visible()
    expect(page.get_by_text("Sekarang di sini")).to_be_visible()
    expect(page.get_by_role("link", name="12 kasus")).to_have_attribute("href", "/list")
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_a_diagram_takes_the_colours_of_the_page_and_of_paper(site: Site) -> None:
    page = site.open("diagram", diagram())
    shape = page.locator("[data-element-id=implement] .djs-visual > rect")
    label = page.locator("[data-element-id=implement] .djs-visual > text")
    place = page.locator(".diagram")

    def looks(fill: str, ink: str) -> None:
        expect(place).to_have_css("background-color", fill)
        expect(shape).to_have_css("fill", fill)
        expect(shape).to_have_css("stroke", ink)
        expect(label).to_have_css("fill", ink)

    looks("rgb(255, 255, 255)", "rgb(27, 36, 48)")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    looks("rgb(26, 33, 43)", "rgb(230, 235, 242)")
    page.emulate_media(media="print")
    looks("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_the_process_editor_is_dark_where_the_page_is(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    shape = page.locator("[data-element-id=send] .djs-visual > rect")
    expect(shape).to_have_css("fill", "rgb(255, 255, 255)")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    expect(shape).to_have_css("fill", "rgb(26, 33, 43)")
    for part in (".editor__canvas", ".editor__properties"):
        expect(page.locator(part)).to_have_css("background-color", "rgb(26, 33, 43)")


def test_a_diagram_is_enlarged_by_button_and_moved_by_keys(site: Site) -> None:
    page = site.open("diagram", diagram())
    shape = page.locator("[data-element-id=implement]")
    before = shape.bounding_box()
    page.get_by_role("button", name="Perbesar").click()
    enlarged = shape.bounding_box()
    page.locator(".diagram__canvas svg").first.focus()
    page.keyboard.press("Control+ArrowLeft")
    moved = shape.bounding_box()
    assert before and enlarged and moved
    assert enlarged["width"] > before["width"]
    assert moved["x"] != enlarged["x"]


def test_a_folded_diagram_is_drawn_when_it_is_opened(site: Site) -> None:
    site.page.set_viewport_size({"width": 390, "height": 800})
    page = site.open(
        "diagram",
        f'<details class="diagram-fold"><summary>Buka</summary>{diagram()}</details>',
    )
    page.get_by_text("Buka").click()
    expect(page.locator("[data-element-id=implement]")).to_be_visible()


def test_a_diagram_that_cannot_be_drawn_points_to_the_table(site: Site) -> None:
    page = site.open("diagram", diagram(xml="<no-model/>"))
    expect(page.get_by_role("alert")).to_contain_text("Tabel di halaman ini")


def test_a_change_of_the_model_is_saved_with_everything_else_kept(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.locator("[data-element-id=implement] .djs-hit").first.click()
    page.get_by_label("Nama", exact=True).fill("Kerjakan")
    expect(page.get_by_role("status")).to_have_text("Tersimpan 14.31")
    path, token, xml = site.sent[-1]
    assert (path, token) == ("/save", "token")
    assert 'name="Kerjakan"' in xml
    assert 'kept="yes"' in xml


def test_a_service_task_gets_its_topic_as_external_work(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.locator("[data-element-id=send] .djs-hit").first.click()
    page.get_by_label("Topik", exact=True).fill("notify")
    expect(page.get_by_role("status")).to_have_text("Tersimpan 14.31")
    assert 'camunda:type="external" camunda:topic="notify"' in site.sent[-1][2]


def test_properties_that_do_not_run_here_are_not_offered(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", MODEL, lang="en")
    page.locator("[data-element-id=send] .djs-hit").first.click()
    panel = page.locator(".editor__properties")
    expect(panel).to_contain_text("Topic")
    for words in ("Implementation", "Asynchronous", "listeners", "Connector", "Field injection"):
        expect(panel).not_to_contain_text(words)


def test_a_refused_draft_shows_the_server_s_sentence(site: Site) -> None:
    site.answers["/save"] = {"status": 422, "json": {"message": "Naskah terlalu besar."}}
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.locator("[data-element-id=implement] .djs-hit").first.click()
    page.get_by_label("Nama", exact=True).fill("Kerjakan")
    expect(page.get_by_role("status")).to_have_text("Naskah terlalu besar.")


def test_what_another_page_saved_is_replaced_only_by_a_press(site: Site) -> None:
    sentence = "Berkas ini sudah disimpan dari halaman lain."
    site.answers["/save"] = {"status": 409, "json": {"message": sentence}}
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.locator("[data-element-id=implement] .djs-hit").first.click()
    page.get_by_label("Nama", exact=True).fill("Kerjakan")
    expect(page.get_by_role("status")).to_contain_text(sentence)
    site.answers["/save"] = {"json": {"saved_at": "14.31"}}
    page.get_by_role("button", name="Timpa dengan punya saya").click()
    expect(page.get_by_role("status")).to_have_text("Tersimpan 14.31")


def test_leaving_the_editor_waits_until_the_draft_is_saved(site: Site) -> None:
    site.answers["/away"] = {"body": "<h1>away</h1>", "content_type": "text/html"}
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.locator("[data-element-id=implement] .djs-hit").first.click()
    page.get_by_label("Nama", exact=True).fill("Kerjakan")
    page.click("#away")
    expect(page.locator("h1")).to_have_text("away")
    assert 'name="Kerjakan"' in site.sent[-1][2]


def problem(**facts: object) -> dict[str, object]:
    return {
        "file": "p.bpmn",
        "element_id": "send",
        "element_name": "Beri tahu",
        "line": 7,
        "severity": "error",
        "what": "Topik tidak dikenal.",
        "advice": "Tulis notify.",
    } | facts


def test_a_check_lists_the_problems_and_marks_their_elements(site: Site) -> None:
    other = problem(file="a.dmn", element_id="r1", element_name=None, line=None, href="/a")
    site.answers["/check"] = {"json": {"problems": [problem(), other | {"severity": "warning"}]}}
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.get_by_role("button", name="Periksa").click()
    drawer = page.get_by_role("region", name="Masalah")
    expect(drawer).to_contain_text("1 kesalahan, 1 peringatan")
    expect(drawer.get_by_text("Topik tidak dikenal.", exact=True)).to_have_count(2)
    expect(drawer.get_by_text("Tulis notify.", exact=True)).to_have_count(2)
    expect(page.locator("[data-element-id=send].has-error")).to_be_visible()
    expect(drawer.get_by_role("link", name="a.dmn, r1")).to_have_attribute("href", "/a")
    drawer.get_by_role("button", name="Beri tahu, baris 7").click()
    expect(page.get_by_label("Topik", exact=True)).to_be_visible()
    assert site.sent == [("/check", "token", "")]


def test_one_error_is_no_plural(site: Site) -> None:
    site.answers["/check"] = {"json": {"problems": [problem()]}}
    page = site.open_editor("modeler", "p.bpmn", MODEL, lang="en")
    page.locator("[data-editor-check]").click()
    expect(page.get_by_role("region", name="Problems")).to_contain_text("1 error, 0 warnings")


def test_a_check_without_findings_says_so(site: Site) -> None:
    site.answers["/check"] = {"json": {"problems": []}}
    page = site.open_editor("modeler", "p.bpmn", MODEL)
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("region", name="Masalah")).to_contain_text("Tidak ada masalah.")


@pytest.mark.parametrize(("entry", "xml"), [("modeler", MODEL), ("decisions", DECISIONS)])
def test_a_narrow_screen_shows_the_model_to_read_and_says_why(
    site: Site, entry: str, xml: str
) -> None:
    site.page.set_viewport_size({"width": 390, "height": 800})
    page = site.open_editor(entry, "p", xml)
    expect(page.locator(".editor__note")).to_contain_text("1.024 piksel")
    expect(page.locator("[data-element-id=implement], [data-row-id=r1]").first).to_be_visible()
    expect(page.get_by_role("button", name="Periksa")).to_have_count(0)
    expect(page.locator("[data-editor-release]")).to_have_count(0)


def test_a_file_that_is_no_model_is_told_with_the_reason(site: Site) -> None:
    page = site.open_editor("modeler", "p.bpmn", "<html/>")
    expect(page.get_by_role("status")).to_contain_text("tidak dapat dibaca sebagai model")


def test_a_changed_cell_of_a_decision_table_is_saved(site: Site) -> None:
    page = site.open_editor("decisions", "a.dmn", DECISIONS)
    page.locator("[data-element-id=y1]").click()
    page.keyboard.press("End")
    page.keyboard.type("7")
    page.locator("[data-element-id=x1]").click()
    expect(page.get_by_role("status")).to_have_text("Tersimpan 14.31")
    assert "<text>17</text>" in site.sent[-1][2]


def test_several_decision_tables_are_chosen_by_tabs(site: Site) -> None:
    page = site.open_editor("decisions", "a.dmn", DECISIONS)
    tabs = page.get_by_role("region", name="Tabel keputusan").first
    expect(tabs.locator("[aria-current]")).to_have_text("Pertama")
    tabs.get_by_role("button", name="Kedua").click()
    expect(tabs.locator("[aria-current]")).to_have_text("Kedua")
    expect(page.locator(".powered-by, .bjs-powered-by").first).to_be_visible()


def test_every_picture_of_the_build_is_served_as_a_file() -> None:
    """No `data:` font: the policy has no font-src for it."""
    sheets = list(Path(DIST).rglob("*.css"))
    assert sheets
    assert not any("data:font" in sheet.read_text() for sheet in sheets)
    assert not any("data:application" in sheet.read_text() for sheet in sheets)
