"""Naming a stand-in on one's own page, and ending it there."""

from __future__ import annotations

import re
from html import unescape

from processes.storage.people import users
from tests.web.conftest import Office, heading, text

DAYS = {"kind": "plh", "letter": "Prin/7/2026", "reason": "Dinas.", "to_day": "1/1/2027"}


def test_a_head_names_a_stand_in_reads_it_and_ends_it(office: Office) -> None:
    head = office.enter("kemhan-head")
    link = re.search(
        r'href="(/stand-ins/new/institution-head:kemhan/[^"]+)"', text(head.get("/account"))
    )
    assert link
    form = unescape(text(head.get(link[1])))
    with office.service.reading() as connection:
        kemhan = users.by_username(connection, "kemhan")
    assert kemhan is not None
    assert f'value="{kemhan.id}"' in form
    assert '"kemhan"' not in form, "names of accounts are not shown"
    nobody_chosen = head.post(link[1], {**DAYS, "from_day": "31/12/2026", "act": "check"})
    assert nobody_chosen.status_code == 422, "a leave without a stand-in is chosen too"
    leave = {**DAYS, "deputy": "nobody", "from_day": "31/12/2026", "act": "check"}
    assert "Catat cuti" in text(head.post(link[1], leave))
    refused = head.post(link[1], {**DAYS, "deputy": str(kemhan.id), "from_day": "kemarin"})
    assert refused.status_code == 422
    typed = {**DAYS, "deputy": str(kemhan.id), "from_day": "31/12/2026"}
    assert heading(head.post(link[1], {**typed, "act": "check"})) != ""
    assert head.post(link[1], typed).location == "/account"
    mine = text(head.get("/account"))
    assert kemhan.name in text(office.enter("kemhan").get("/account"))
    end = re.search(r'action="(/stand-ins/[^"]+/end)"', mine)
    assert end
    assert office.enter("kemhan").post(end[1]).status_code == 403
    assert head.post(end[1]).location == "/account"
    assert "/end" not in text(head.get("/account"))
