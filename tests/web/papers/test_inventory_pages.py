"""The matrix of follow-ups: all positions, the picked ones, and its totals."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import update

from processes.papers import inventory
from processes.rights.access import scope_of
from processes.storage.people import users
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution
from tests.web.cases.test_follow_up_pages import english, listed, words
from tests.web.cases.test_recommendation_pages import say_orally
from tests.web.conftest import Office, text
from tests.web.desk.test_processes import clear_only_for_ordinary
from web.pages.papers import matrix
from web.pages.papers.matrix import initials_of


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "coordinator", "asdep")


CELL = re.compile(r'matrix__cell--\w+" href="[^"]+" title="([^"]+)')

MARK = re.compile(r"(<svg(?:(?!<svg).)*</svg>) ([\w ]+)<", re.DOTALL)
"""A drawn mark of the legend and its word."""


def squares(page: str) -> list[str]:
    """What each cell of the table says in words."""
    return [unescape(one) for one in CELL.findall(page)]


def figures(page: str) -> dict[str, tuple[int, str]]:
    """Words of each figure above the matrix -> its number and address."""
    above = page.partition("matrix-part")[0]
    found = re.findall(r'<li><a class="count" href="([^"]+)"[^>]*><b>(\d+)</b> (.*?)</a>', above)
    return {name: (int(number), unescape(url)) for url, number, name in found}


def test_each_cell_says_stage_time_claim_and_finding_in_words(office: Office) -> None:
    say_orally(office, "kemenperin", "Sedang dibahas.")
    page = text(office.enter("coordinator").get("/inventory"))
    found = squares(page)
    assert len(found) == 4
    late = next(one for one in found if one.startswith("Kemhan: Awaiting acknowledgement"))
    assert "5 working days overdue" in late
    assert "claimed: nothing yet" in late
    reported = next(one for one in found if one.startswith("Kemenkeu"))
    assert "claimed: 100% Conforms" in reported
    assert "found: nothing yet" in reported
    returned = next(one for one in found if one.startswith("Kemhan: Implementation"))
    assert "found: Does not conform yet" in returned
    assert "claimed: Round 1: " in returned, "nothing of the round that runs was claimed yet"
    said = next(one for one in found if one.startswith("Kemenperin"))
    assert said.endswith("oral statement, not confirmed in writing")


def test_many_institutions_are_grouped_into_tables_that_leave_none_out(office: Office) -> None:
    service = office.service
    with service.reading() as connection:
        user = users.by_username(connection, "coordinator")
        assert user is not None
        scope = scope_of(connection, user.id)
        small = inventory.matrix(connection, scope, service.engine.on(connection).now())
    names = {f"k{n:02}": f"Kementerian {n}" for n in range(40)} | dict(small.institutions)
    with office.app.test_request_context():
        (whole,) = matrix.tables(small, matrix.rows(small))
        large = replace(small, institutions=names)
        parts = matrix.tables(large, matrix.rows(large))
    assert whole.whole
    assert [one.code for part in parts for one in part.columns] == list(names)
    assert {len(part.columns) for part in parts} <= {8, 9, 10}
    assert sum(len(part.lines) for part in parts) == len(small.rows), "lines without squares go"
    assert [one.code for one in parts[-1].columns][-3:] == [one.code for one in whole.columns]


def test_every_figure_leads_to_exactly_what_it_counts(office: Office) -> None:
    say_orally(office, "kemenperin", "Sedang dibahas.")
    supervisor = office.enter("asdep")
    found = figures(text(supervisor.get("/inventory")))
    assert found["All"] == (4, "/inventory")
    assert found["Overdue"][0] == 1
    assert found["With an oral statement"][0] == 1
    for number, url in found.values():
        assert len(squares(text(supervisor.get(url)))) == number
    groups = {"Open": 3, "Not yet conforming (back at work)": 1}
    assert {name: found[name][0] for name in groups} == groups, "they add up to all"
    stages = found.keys() - groups - {"All", "Overdue", "Escalated", "With an oral statement"}
    assert sum(found[name][0] for name in stages) == 4, "everybody at work stands at one stage"


def test_the_numbers_count_what_a_reader_is_cleared_for_and_nothing_else(office: Office) -> None:
    """Two of the four positions belong to a restricted recommendation."""
    clear_only_for_ordinary(office, "asdep")
    supervisor = office.enter("asdep")
    found = figures(text(supervisor.get("/inventory")))
    assert found["All"][0] == 2
    assert "Implementation" not in found, "that one is restricted"
    assert squares(text(supervisor.get("/inventory?only=implement"))) == []
    assert len(squares(text(office.enter("coordinator").get("/inventory?only=implement")))) == 1


def test_the_late_of_an_institution_are_those_of_its_list(office: Office) -> None:
    supervisor = office.enter("asdep")
    page = text(supervisor.get("/inventory"))
    links = re.findall(r'href="(/follow-ups\?institution=(\w+)&amp;time=late)">(\d+)<', page)
    assert [(code, number) for _, code, number in links] == [("kemhan", "1")]
    assert len(listed(supervisor.get(unescape(links[0][0])))) == 1


def test_the_matrix_is_for_overseers_and_says_when_it_is_empty(office: Office) -> None:
    assert office.enter("kemhan").get("/inventory").status_code == 403
    page = words(office.enter("coordinator").get("/inventory?only=withdrawn"))
    assert "Nothing fits this filter" in page
    assert office.enter("coordinator").get("/inventory?only=nonsense").status_code == 200


def test_initials_can_be_told_apart_in_any_language() -> None:
    spoken = {"a": "Pelaksanaan", "b": "Putusan", "c": "Laporan", "d": "Lap"}
    assert initials_of(spoken) == {"a": "Pe", "b": "Pu", "c": "Lapo", "d": "Lap"}


def test_what_was_withdrawn_does_not_bear_the_mark_of_what_is_in_time(office: Office) -> None:
    with office.service.transaction() as connection:
        mine = follow_up.c.recommendation_id == office.cases.first
        connection.execute(update(follow_up).where(mine).values(status="withdrawn"))
    page = text(office.enter("coordinator").get("/inventory"))
    legend = page[page.index('<p class="legend">') :]
    marks = {name: drawn for drawn, name in MARK.findall(legend)}
    in_time, withdrawn = marks["in time"], marks["withdrawn"]
    assert in_time != withdrawn
    cell = page[page.index("Kemhan: Withdrawn") :]
    assert cell[cell.index("<svg") :].startswith(withdrawn)


def test_a_long_name_of_an_institution_wraps_at_its_stroke(office: Office) -> None:
    with office.service.transaction() as connection:
        mine = institution.c.code == "kemhan"
        name = "Kementerian PPN/Bappenas"
        connection.execute(update(institution).where(mine).values(short_name=name))
    page = text(office.enter("coordinator").get("/inventory"))
    assert ">Kementerian PPN/<wbr>Bappenas</a></th>" in page


def test_the_legend_explains_every_mark_a_cell_may_bear(office: Office) -> None:
    page = words(office.enter("coordinator").get("/inventory"))
    legend = page[page.index("In a cell") :]
    for mark in ("overdue", "due soon", "level of escalation", "oral statement"):
        assert mark in legend
    for verdict in ("Conforms", "Does not conform yet", "Not followed up yet", "Cannot be"):
        assert verdict in legend[legend.index("Found by the coordinator") :]
