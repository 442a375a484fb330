"""Paper: each sheet has the classification, the title, the user and the time of printing."""

from __future__ import annotations

import re

import pytest

from processes.storage.cases import follow_up_rows
from tests.web.conftest import Office, text
from web.frame.template_filters import highest

HEAD = re.compile(r'<div class="print-head print-only">(.*?)</div>', re.DOTALL)


def head(office: Office, username: str, url: str) -> str:
    """What the head of each printed sheet says."""
    found = HEAD.search(text(office.enter(username).get(url)))
    assert found, url
    return re.sub(r"<[^>]+>", "", found[1])


def restricted_pages(office: Office) -> list[str]:
    """Pages about a restricted recommendation, alone or among others."""
    second = office.cases.second
    with office.service.reading() as connection:
        case = follow_up_rows.of_recommendation(connection, second)[0]
    return [
        f"/recommendations/{second}",
        f"/recommendations/{second}/compilation",
        f"/follow-ups/{case.id}",
        f"/receipts/{office.cases.receipt}",
        office.task("evaluate"),
        "/inbox",
        "/follow-ups",
        "/recommendations",
        "/inventory",
    ]


def test_each_sheet_bears_the_highest_classification_on_it(office: Office) -> None:
    for url in restricted_pages(office):
        assert head(office, "coordinator", url).startswith("Terbatas "), url


def test_each_sheet_tells_what_it_is_and_who_printed_it_when(office: Office) -> None:
    page = head(office, "coordinator", f"/recommendations/{office.cases.second}")
    assert "REK-2026-0002" in page
    assert "dicetak oleh" in page
    assert "15 Jan 2026" in page


def test_a_sheet_about_nothing_classified_bears_none(office: Office) -> None:
    assert head(office, "coordinator", "/calendar").startswith("Kalender")


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["ordinary", "secret", "restricted"], "secret"),
        (["top_secret", None, "ordinary"], "top_secret"),
        ([None], ""),
        ([], ""),
    ],
)
def test_of_several_classifications_the_highest_counts(codes: list[str | None], found: str) -> None:
    assert highest(codes) == found
