"""The follow-up that a check is about, in one line."""

from __future__ import annotations

from uuid import UUID

from processes.cases.follow_up import follow_ups
from processes.storage.people import institutions
from web.gate.visitor import reading
from web.words.case_names import case_name


def name_of(follow_up_id: UUID, act: str) -> str:
    """The case by its name, for whoever may do this act with it. Raises what the act raises."""
    at = reading()
    case, whole, _ = follow_ups.readable(at.connection, at.scope, follow_up_id, act)
    names = institutions.short_names(at.connection, {case.institution})
    return case_name(whole.number, whole.title, names.get(case.institution, case.institution))
