"""An act upon many late tasks on pages: filter, check, tick off, decide, see how far it is."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

from tests.web.conftest import Office, text


def boxes(page: str) -> list[str]:
    return re.findall(r'name="task" value="([^"]+)" checked', page)


def plain(answer: TestResponse) -> str:
    """A page without its tags: a number in a sentence is a link."""
    return re.sub("<[^>]+>", "", text(answer))


def test_what_is_ticked_is_reminded_and_a_page_says_how_far_that_is(office: Office) -> None:
    office.clock.advance(days=12)
    office.service.engine.run_due()
    person = office.enter("coordinator")
    board = text(person.get("/escalations?institution=kemhan"))
    [found] = re.findall(r'href="(/escalations/many/remind[^"]*)"', board)
    address = unescape(found)
    assert "institution=kemhan" in address
    page = text(person.get(address))
    chosen = boxes(page)
    assert chosen, "something of kemhan is late"
    assert not boxes(text(person.get("/escalations/many/remind?institution=tni"))), "filters hold"
    refused = person.post("/escalations/many/remind", data={"task": chosen, "reason": ""})
    assert refused.status_code == 422
    assert boxes(text(refused)) == chosen, "what was ticked stays"
    sent = person.post("/escalations/many/remind", data={"task": chosen, "reason": "Rakor."})
    assert sent.status_code == 302
    waiting = f"Diingatkan: 0 dari {len(chosen)}. {len(chosen)} menunggu."
    assert waiting in plain(person.get("/escalations/many"))
    rows = text(person.get("/escalations/many?fate=waiting")).count('class="row-link"')
    assert rows == len(chosen), "the number leads to them"
    office.clock.advance(minutes=1)
    office.service.engine.run_due()
    told = plain(person.get("/escalations/many"))
    assert f"Diingatkan: {len(chosen)} dari {len(chosen)}." in told
    assert "Tidak ada." in text(person.get("/escalations/many?fate=waiting"))
    assert "Diingatkan:" not in text(office.enter("asdep").get("/escalations/many"))


def test_nobody_drafts_letters_who_may_send_none(office: Office) -> None:
    head = office.enter("kemhan-head")
    assert head.get("/escalations/many/letter").status_code == 403
    assert "/many/letter" not in text(head.get("/escalations"))
    assert office.enter("kemhan").get("/escalations/many/remind").status_code == 403
    assert head.get("/escalations/many/call").status_code == 404
