"""The switch of languages on a page that answers a form: what was typed stays, and nothing is
sent."""

from __future__ import annotations

import re
from html import unescape

from tests.web.conftest import Office, Person, text


def switched(person: Person, page: str) -> str:
    """Press the switch of a page that answered a form, as a browser follows it."""
    switch = re.search(r'<form class="topbar__language".*?</form>', page, re.DOTALL)
    assert switch, "the page can be read in another language"
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', switch[0])
    sent: dict[str, list[str]] = {"_chosen": ["en"]}
    for name, value in fields:
        sent.setdefault(unescape(name), []).append(unescape(value))
    answer = person.client.post("/language", data=sent)
    assert answer.status_code == 307, "the browser sends the same entries to the form's address"
    return text(person.client.post(answer.headers["Location"], data=sent))


def test_a_check_in_another_language_keeps_what_was_typed_and_sends_nothing(
    office: Office,
) -> None:
    person, case = office.enter("coordinator"), office.cases.first
    url = f"/recommendations/{case}/withdrawal"
    typed = {"reason": "Sudah tidak perlu", "act": "check"}
    page = text(person.post(url, typed))
    assert "Sudah tidak perlu" in page
    page = switched(person, page)
    assert '<html lang="en"' in page and "Check before sending" in page
    assert 'name="reason" value="Sudah tidak perlu"' in page
    assert "withdrawal was proposed" not in text(person.get(f"/recommendations/{case}"))


def test_a_refused_form_in_another_language_keeps_what_was_typed_and_sends_nothing(
    office: Office,
) -> None:
    person = office.enter("coordinator")
    form = "/lists/follow_ups/new"
    page = text(person.post(form, {"query": "time=late", "name": "x" * 81}))
    assert "x" * 81 in page
    page = switched(person, page)
    assert '<html lang="en"' in page and "x" * 81 in page
    sent = {"query": "time=late", "name": "Terlambat", "act": "only_draw"}
    assert "Terlambat" in text(person.post(form, sent)), "what could be sent is only drawn"
    assert "Terlambat" not in text(person.get("/follow-ups"))


def test_no_switch_stands_where_it_would_lose_what_was_typed(office: Office) -> None:
    """Every address that takes a form: its switch leads back with the entries, or there is none."""
    person = office.enter("coordinator")
    entry = "huruf yang jarang sekali"
    for rule in office.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith(("/api", "/engine-rest")):
            continue
        if rule.endpoint.partition(".")[0] in ("tasks", "login", "link", "language"):
            continue  # a task keeps a draft; the others know no person
        url = rule.rule.replace("<uuid:recommendation_id>", str(office.cases.first))
        if "<" in url:
            continue
        for act in ("", "check", "back"):
            answer = person.post(url, {"reason": entry, "name": "", "act": act})
            page = text(answer)
            if answer.status_code in (200, 409, 422) and 'class="topbar__language"' in page:
                switch = page.partition('class="topbar__language"')[2].partition("</form>")[0]
                assert entry in switch, (url, act)
