"""Which report counts, what its receipt finds, and what a reader may read of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from processes.cases.follow_up.receipts import HASHED, _fingerprint
from processes.cases.written import written
from processes.rights.access import scope_of
from processes.storage.cases import follow_up_detail, report_rows
from processes.storage.files.evidence import Evidence
from processes.storage.people import users
from processes.storage.tables.reports import Report
from tests.processes.conftest import NOW
from tests.processes.follow_up.conftest import handed_in, judged
from tests.processes.lifecycle.conftest import TODAY, Desk
from tests.processes.made_cases import a_case

LATER = NOW + timedelta(hours=1)
REPORT = Report(
    id=UUID(int=1), follow_up_id=UUID(int=2), round=1, letter_number="B-1", letter_date=TODAY,
    urgency="ordinary", classification="ordinary", subject="Laporan", signatory="Sesjen",
    summary="Selesai.", claimed_status="conforms", at=NOW, by="rina", receipt_number="TT-2026-0001",
    handed_in_at=NOW,
)  # fmt: skip


# --- which one counts ---------------------------------------------------------------------------


def test_the_report_handed_in_last_counts(part: Desk) -> None:
    assert report_rows.newest(part.connection, part.id) is None
    handed_in(part)
    last = handed_in(part)
    for ask in (report_rows.newest, report_rows.standing):
        found = ask(part.connection, part.id)
        assert found is not None and found.id == last


def test_a_report_taken_back_counts_no_more_and_none_before_it_does(part: Desk) -> None:
    handed_in(part)
    last = handed_in(part)
    report_rows.replace(part.connection, last, LATER, "rina", "Salah.")
    assert report_rows.standing(part.connection, part.id) is None
    found = report_rows.newest(part.connection, part.id)
    assert found is not None
    assert (found.id, found.replaced_at, found.replaced_by) == (last, LATER, "rina")
    assert found.replaced_reason == "Salah."


def test_of_several_follow_ups_each_has_its_own_newest_report(part: Desk) -> None:
    id, instance_id = a_case(part.connection, "tni")
    other = Desk(part.connection, id, instance_id, "follow_up")
    handed_in(part)
    mine, theirs = handed_in(part), handed_in(other)
    found = report_rows.written_last_of(part.connection, [part.id, other.id, UUID(int=9)])
    assert {key: one.id for key, one in found.items()} == {part.id: mine, other.id: theirs}


def test_one_that_was_only_written_is_no_report_to_anybody_outside(part: Desk) -> None:
    before = handed_in(part)
    unsent = handed_in(part, sent=False)
    last = report_rows.written_last(part.connection, part.id)
    assert last is not None
    assert (last.id, last.handed_in, last.awaits_release) == (unsent, False, True)
    for ask in (report_rows.newest, report_rows.standing):
        found = ask(part.connection, part.id)
        assert found is not None and found.id == before
    report_rows.hand_in(part.connection, unsent, LATER)
    found = report_rows.newest(part.connection, part.id)
    assert found is not None and (found.id, found.handed_in_at) == (unsent, LATER)


def test_the_report_that_replaced_one_is_the_next_of_the_same_follow_up(part: Desk) -> None:
    ids = [handed_in(part) for _ in range(3)]
    rows = [report_rows.by_id(part.connection, id) for id in ids]
    following = [report_rows.after(part.connection, row) for row in rows if row]
    assert [one.id if one else None for one in following] == [ids[1], ids[2], None]


def test_a_verdict_is_on_one_report_and_on_no_other(part: Desk) -> None:
    first, second = handed_in(part), handed_in(part)
    judged(part, first)
    judged(part, None)
    assert report_rows.is_evaluated(part.connection, first)
    assert not report_rows.is_evaluated(part.connection, second)


# --- receipts -----------------------------------------------------------------------------------


def test_a_receipt_finds_its_report_also_after_it_was_taken_back(part: Desk) -> None:
    id = handed_in(part)
    assert report_rows.by_receipt(part.connection, "TT-2026-0001") is None
    report_rows.give_receipt(part.connection, id, "TT-2026-0001", LATER)
    report_rows.replace(part.connection, id, LATER, "rina", "Salah.")
    found = report_rows.by_receipt(part.connection, "TT-2026-0001")
    assert found is not None and (found.id, found.receipt_at) == (id, LATER)
    assert report_rows.by_receipt(part.connection, "TT-2026-001") is None


def test_the_receipt_of_a_step_is_found_by_the_moment_of_its_report(part: Desk) -> None:
    id = handed_in(part)
    assert report_rows.receipt_given_at(part.connection, part.id, NOW) is None
    report_rows.give_receipt(part.connection, id, "TT-2026-0007", LATER)
    assert report_rows.receipt_given_at(part.connection, part.id, NOW) == "TT-2026-0007"
    assert report_rows.receipt_given_at(part.connection, part.id, LATER) is None


# --- fingerprints -------------------------------------------------------------------------------


def a_file(digest: str, report_id: UUID | None = REPORT.id) -> Evidence:
    values: dict[str, Any] = dict.fromkeys(Evidence.__slots__)
    return Evidence(**{**values, "id": uuid7(), "sha256": digest, "report_id": report_id})


def test_the_fingerprint_never_changes_for_printed_receipts_bear_it() -> None:
    said = (
        '["TT-2026-0001", "B-1", "2026-03-17", "ordinary", "ordinary", "Laporan", "Sesjen",'
        ' "Selesai.", "conforms", "aa", "bb"]'
    )
    expected = sha256(said.encode()).hexdigest()
    assert _fingerprint(REPORT, [a_file("bb"), a_file("aa")]) == expected
    assert _fingerprint(REPORT, [a_file("aa"), a_file("bb")]) == expected, "in whatever order"


@pytest.mark.parametrize("name", HASHED)
def test_whatever_a_report_says_is_part_of_its_fingerprint(name: str) -> None:
    changed = replace(REPORT, **{name: "lain"})
    assert _fingerprint(changed, []) != _fingerprint(REPORT, [])


def test_a_file_more_or_another_one_is_another_fingerprint() -> None:
    prints = {
        _fingerprint(REPORT, [a_file(one) for one in digests])
        for digests in ([], ["aa"], ["bb"], ["aa", "aa"])
    }
    assert len(prints) == 4


def test_what_happens_to_a_report_later_changes_no_fingerprint() -> None:
    later = replace(REPORT, replaced_at=LATER, replaced_reason="Salah.", receipt_at=LATER)
    assert _fingerprint(later, []) == _fingerprint(REPORT, [])


# --- what is read of them -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clearance", "read"),
    [("ordinary", 1), ("restricted", 2), ("secret", 3), ("top_secret", 4)],
)
def test_of_a_report_above_the_clearance_neither_text_nor_verdict_is_read(
    clearance: str, read: int, part: Desk
) -> None:
    every: list[Any] = ["ordinary", "restricted", "secret", "top_secret"]
    for classification in every:
        judged(part, handed_in(part, classification))
    judged(part, None)
    rina = users.by_username(part.connection, "rina")
    assert rina is not None
    users.change(part.connection, rina.id, {"clearance": clearance})
    reader = scope_of(part.connection, rina.id)
    record = follow_up_detail.WRITTEN.of_one(part.connection, part.id)
    found = written(record, reader, part.id)
    assert [one.report is not None for one in found.handed_in] == [
        index < read for index in range(4)
    ]
    assert len(found.evaluations) == read + 1, "a verdict on no report quotes none"
    assert all(one.judged for one in found.handed_in), "that there is a verdict is told to all"
