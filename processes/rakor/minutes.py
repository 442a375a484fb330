"""The handlers of a rakor's end: its minutes, their signature, the agreements that begin.

As in `processes.rakor.handlers`: rows of the instance's own rakor only.
"""

from __future__ import annotations

from typing import Final

from uuid_utils.compat import uuid7

from engine.ports.handlers import Step
from engine.sentences.sentence import say
from processes.agreement import starting
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import own_meeting, today_of
from processes.notices.texts import meeting_letters
from processes.notices.texts.letters import Notice
from processes.rakor.fingerprint import fingerprint
from processes.register.states import MeetingDeed
from processes.storage.files import evidence, signed_scans
from processes.storage.files.signed_scans import Signable, SignedScan
from processes.storage.meetings import meeting_rows
from processes.storage.meetings.meeting_rows import Meeting
from processes.storage.notices import escalation_rows

SCANS: Final = ("application/pdf", "image/jpeg", "image/png", "image/tiff")
"""Media types of what a scanner makes."""


def record_minutes(step: Step) -> None:
    """The minutes, and what may be said to the press."""
    case = own_meeting(step)
    form = Answers(step.answers)
    minutes, statement = form.required("minutes"), form.text("press_statement")
    form.finish()
    meeting_rows.move(
        step.connection, case, MeetingDeed.WRITE, step.now,
        minutes=minutes, press_statement=statement, minutes_at=step.now,
    )  # fmt: skip


def record_signature(step: Step) -> None:
    """Whether the minutes are signed: then with the scan of the signed paper, bound to what they
    say. A no needs its reason and sends them back."""
    case = own_meeting(step)
    form = Answers(step.answers)
    if form.yes("minutes_signed"):
        _sign(step, case, form)
        return
    if form.text("notes") is None:
        form.complain("notes", say("Please write what must be changed."))
    form.finish()
    meeting_rows.move(step.connection, case, MeetingDeed.RETURN, step.now)


def _sign(step: Step, case: Meeting, form: Answers) -> None:
    if passed := starting.why_not(step.connection, case.id, today_of(step.connection, step.now)):
        form.complain("minutes_signed", passed)
    ids = form.uploads("signed_scan")
    found = evidence.uploads(step.connection, step.by or "", ids) if ids else []
    if len(found) != 1:
        form.complain("signed_scan", say("Please attach the scan of the signed minutes, one file."))
    elif found[0].type not in SCANS:
        form.complain("signed_scan", say("A scan is a PDF or an image."))
    form.finish()
    scan = found[0]
    row = SignedScan(
        uuid7(), None, Signable.MINUTES, case.id, fingerprint(case), scan.sha256, scan.name,
        scan.type, scan.size, step.now, step.by,
    )  # fmt: skip
    signed_scans.add(step.connection, row)
    evidence.delete_uploads(step.connection, step.by or "", ids)
    meeting_rows.move(
        step.connection, case, MeetingDeed.SIGN, step.now, signed_at=step.now, signed_by=step.by
    )


def start_agreements(step: Step) -> dict[str, object]:
    """Begin what was agreed, and tell each institution that the minutes are signed.

    {"agreements": number of started agreements}.
    """
    case = own_meeting(step)
    begun = starting.start_agreements(step, case.id)
    for one in meeting_rows.invited(step.connection, case.id):
        step.announce(Notice(meeting_letters.signed(case), one.institution))
    escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
    return {"agreements": begun}
