"""Who acted as a stand-in: the sign before their name in a timeline.

Owns the comparison of when something was decided with when its author stood in for that post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence
from processes.cases.timeline import TimelineEntry
from processes.storage.people import stand_ins
from processes.storage.people.stand_ins import Stood


def signed(connection: Connection, entries: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """The same entries, those of a stand-in with their sign; one statement, if anything is decided
    in a post."""
    deciding = {one.by for one in entries if one.post and one.by}
    stood = stand_ins.stood(connection, deciding) if deciding else ()
    return [replace(one, sign=_sign(one, stood)) for one in entries] if stood else list(entries)


def _sign(entry: TimelineEntry, stood: Sequence[Stood]) -> Sentence | None:
    for one in stood:
        theirs = (one.username, one.post) == (entry.by, entry.post)
        if theirs and one.since <= entry.at and (one.until is None or entry.at <= one.until):
            return one.kind.in_timeline
    return None
