"""What the minutes of a rakor said when they were signed, as a fingerprint."""

from __future__ import annotations

import hashlib

import orjson

from processes.storage.meetings.meeting_rows import Meeting


def fingerprint(case: Meeting) -> str:
    """SHA-256 of what is signed: which rakor it was, when, where, who, and its minutes."""
    said = [case.number, case.title, case.held_on, case.place, case.chair, case.attendance,
            case.minutes]  # fmt: skip
    return hashlib.sha256(orjson.dumps(said)).hexdigest()
