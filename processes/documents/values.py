"""What each kind of document shows: one class of texts for each kind.

Owns the names that a template may use. Every value is a text in the words of its reader, or a list
of such; `web.documents` fills them from the reading of the page that shows the same. Must not know
tables or rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file that was handed in. `sha256`: of its content, in hex."""

    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on every page: the classification above, number and `printed` (by whom and when)
    below. `title`: of the file, for programs that list it."""

    title: str
    number: str
    classification: str
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Sheet):
    """An official written report. `state`: that it is a draft, or was taken back; `receipt`: its
    number once it was handed in."""

    state: str
    institution: str
    recommendation: str
    letter: str
    letter_date: str
    urgency: str
    subject: str
    claimed: str
    summary: Sequence[str]
    files: Sequence[File]
    signatory: str
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Sheet):
    """The receipt of a report. `notes`: that it was taken back, or lies above the reader's
    clearance; `fingerprint`: of what was handed in; `address`: of the page that shows the same."""

    notes: Sequence[str]
    received: str
    received_by: str
    institution: str
    sender: str
    recommendation: str
    letter: str
    urgency: str
    subject: str
    signatory: str
    claimed: str
    files: Sequence[File]
    fingerprint: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLetter(Sheet):
    """A reminder letter between institutions. `copies`: who is sent a copy (tembusan)."""

    day: str
    urgency: str
    subject: str
    addressee: Sequence[str]
    paragraphs: Sequence[str]
    signatory: str
    copies: Sequence[str]


@dataclass(frozen=True, slots=True)
class StandingOfInstitution:
    """Where one institution stands with one recommendation, by its number: a row of the matrix."""

    recommendation: str
    institution: str
    role: str
    state: str
    deadline: str
    claimed: str
    found: str


@dataclass(frozen=True, slots=True)
class ReportInShort:
    """A report within a compilation."""

    subject: str
    state: str
    receipt: str
    letter: str
    urgency: str
    classification: str
    signatory: str
    claimed: str
    summary: Sequence[str]
    findings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One institution within a compilation. `statements`: what was said and not written."""

    institution: str
    role: str
    nothing: str
    reports: Sequence[ReportInShort]
    progress: Sequence[str]
    statements: Sequence[str]


@dataclass(frozen=True, slots=True)
class CompiledCase:
    """One recommendation within a compilation, with the chapters of its institutions."""

    name: str
    issued: str
    deadline: str
    classification: str
    meeting: str
    legal_basis: str
    plan: str
    rollup: str
    text: Sequence[str]
    outcome: Sequence[str]
    chapters: Sequence[Chapter]
    meetings: Sequence[str]
    evaluations: Sequence[str]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file of evidence in the list at the end, with who handed it in, for which recommendation,
    and to which receipt."""

    recommendation: str
    institution: str
    receipt: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation(Sheet):
    """All reports of one recommendation or of several. `about`: of which; `selection`: by what they
    were chosen; `as_of`: the moment of which it speaks."""

    about: str
    selection: Sequence[str]
    as_of: str
    positions: Sequence[StandingOfInstitution]
    cases: Sequence[CompiledCase]
    evidence: Sequence[EvidenceRow]


@dataclass(frozen=True, slots=True)
class InvitedMatter:
    """A recommendation on a letter of invitation, and where the institution stands with it."""

    recommendation: str
    title: str
    state: str
    deadline: str
    progress: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Sheet):
    """The letter that invites one institution to a rakor. `day`: of the letter; `held_on`: of the
    rakor, with the hour."""

    day: str
    subject: str
    addressee: Sequence[str]
    paragraphs: Sequence[str]
    held_on: str
    place: str
    chair: str
    agenda: Sequence[str]
    closing: Sequence[str]
    signatory: str
    matters: Sequence[InvitedMatter]


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """A follow-up on the inventory sheet of a rakor. `then`: how it stands to the last rakor."""

    institution: str
    recommendation: str
    state: str
    deadline: str
    plan: str
    progress: str
    position: str
    then: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A follow-up that stands elsewhere than at the last rakor."""

    institution: str
    recommendation: str
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InventorySheet(Sheet):
    """The inventory sheet of a rakor. `all` to `silent`: the numbers of the whole sheet, whatever
    `selection` leaves on this one; `last` and `changed`: empty without a rakor before."""

    subject: str
    held_on: str
    last: str
    selection: Sequence[str]
    all: str
    open: str
    late: str
    changed: str
    silent: str
    changes: Sequence[ChangedRow]
    rows: Sequence[InventoryRow]


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """Whether an institution was there, and by whom."""

    institution: str
    attendance: str
    attended_by: str


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What was said in a rakor of one follow-up. `manner`: that it was oral, and for whom somebody
    else said it."""

    institution: str
    recommendation: str
    text: str
    said_by: str
    manner: str


@dataclass(frozen=True, slots=True)
class SettledRow:
    """What a rakor settled: an agreement or a directive, with its holder and deadline."""

    number: str
    kind: str
    text: str
    holder: str
    deadline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes(Sheet):
    """The minutes of a rakor. `subject`: what it was about; `fingerprint`: of what they say."""

    subject: str
    held_on: str
    place: str
    chair: str
    agenda: Sequence[str]
    guests: Sequence[str]
    attendance: Sequence[str]
    present: Sequence[AttendanceRow]
    minutes: Sequence[str]
    said: Sequence[SaidRow]
    settled: Sequence[SettledRow]
    signatory: str
    fingerprint: str
