"""Lists as people keep them: sorted by their heads, kept under a name, without JavaScript."""

from __future__ import annotations

import re
from html import unescape

from tests.web.conftest import Office, Person, text


def heads(page: str) -> dict[str, str]:
    """What each heading sorts by -> its address."""
    found = [unescape(url) for url in re.findall(r'<a class="sort" href="([^"]+)">', page)]
    return {url.partition("sort=")[2].partition("&")[0].lstrip("-"): url for url in found}


def kept(page: str) -> dict[str, str]:
    """Name of each kept list -> its address."""
    nav = re.search(r'<nav class="saved.*?</nav>', page, re.DOTALL)
    links = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav[0]) if nav else []
    return {name: unescape(url) for url, name in links}


def keep(person: Person, list: str, query: str, name: str) -> str:
    """Send the form; the page it leads to."""
    answer = person.post(f"/lists/{list}/new", data={"query": query, "name": name})
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def test_a_heading_sorts_and_turns_round_and_keeps_the_filters(office: Office) -> None:
    person = office.enter("coordinator")
    page = text(person.get("/follow-ups?time=open"))
    url = heads(page)["institution"]
    assert "time=open" in url and "sort=institution" in url
    sorted_page = text(person.get(url))
    assert 'aria-sort="ascending"' in sorted_page
    turned = text(person.get(heads(sorted_page)["institution"]))
    assert 'aria-sort="descending"' in turned
    assert text(person.get("/follow-ups?sort=holder")).count("aria-sort") == 0


def test_a_list_is_kept_found_at_its_head_renamed_and_deleted(office: Office) -> None:
    person = office.enter("coordinator")
    assert kept(text(person.get("/follow-ups"))) == {}
    page = text(person.get("/follow-ups?time=late&sort=-since"))
    form = kept(page)["Simpan daftar ini"]
    assert text(person.get(form)).count('name="name"') == 1
    assert keep(person, "follow_ups", "time=late&sort=-since", "Terlambat") == (
        "/follow-ups?time=late&sort=-since"
    )
    page = text(person.get("/follow-ups?time=late&sort=-since"))
    assert "Simpan daftar ini" not in page
    assert kept(page)["Terlambat"] == "/follow-ups?time=late&sort=-since"
    assert "Terlambat" not in kept(text(office.enter("kemhan").get("/follow-ups")))
    [own] = re.findall(r'href="(/lists/[0-9a-f-]+)"', page)
    assert person.post(own, data={"name": "Lewat"}).status_code == 302
    assert "Lewat" in kept(text(person.get("/follow-ups")))
    assert office.enter("kemhan").get(own).status_code == 404
    assert person.post(f"{own}/delete").status_code == 302
    assert kept(text(person.get("/follow-ups"))) == {}


def test_nothing_but_filters_of_the_list_is_kept(office: Office) -> None:
    person = office.enter("coordinator")
    query = "_external=1&_scheme=javascript&_anchor=x&after=7&time=late&nobody=1"
    assert keep(person, "follow_ups", query, "Aneh") == "/follow-ups?time=late"
    assert kept(text(person.get("/follow-ups")))["Aneh"] == "/follow-ups?time=late"
    assert person.get("/lists/nothing/new").status_code == 404


def test_a_name_that_is_refused_stays_in_the_form(office: Office) -> None:
    person = office.enter("coordinator")
    answer = person.post("/lists/follow_ups/new", data={"query": "time=late", "name": "x" * 81})
    assert answer.status_code == 422
    assert "x" * 81 in text(answer)
    assert "time=late" in text(answer)


def test_a_day_that_is_none_is_told_under_its_field(office: Office) -> None:
    person = office.enter("coordinator")
    page = text(person.get("/follow-ups?due_from=31/02/2026"))
    assert "Ini bukan tanggal." in page
    assert "Ini bukan tanggal." not in text(person.get("/follow-ups?due_from=28/02/2026"))
