"""Moving or cancelling a rakor that was not held yet.

Owns the handler right behind the message, and when a rakor can be changed.
"""

from __future__ import annotations

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import Sentence, say
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import own_meeting
from processes.notices.texts import meeting_letters
from processes.notices.texts.letters import Notice
from processes.rakor.handlers import future_day
from processes.register.states import MEETING_BEFORE, MeetingDeed, MeetingState
from processes.storage.meetings import meeting_rows
from processes.storage.meetings.meeting_rows import Meeting
from processes.storage.notices import escalation_rows


def why_not(case: Meeting) -> Sentence | None:
    """Why this rakor cannot be moved or cancelled now; None: it can."""
    if case.state not in MEETING_BEFORE:
        return say("This rakor was held or has ended; it is not changed any more.")
    return None


def apply_change(step: Step) -> dict[str, object]:
    """Move the rakor, or cancel it, and tell whoever was invited. Deadlines and the timer of the
    positions follow the new day.

    {"meeting_cancelled": whether it was cancelled}.
    """
    case = own_meeting(step)
    if why := why_not(case):
        raise Refusal(why)
    form = Answers(step.answers)
    cancels = form.choice("change", ("moved", "cancelled")) == "cancelled"
    reason = form.required("reason")
    day = None if cancels else future_day(step, form)
    if day is not None and case.state is MeetingState.PREPARE:
        form.complain("change", say("Nobody is invited yet: choose its day where it is prepared."))
    if day is not None and day == case.held_on:
        form.complain("held_on", say("The rakor is on this day already."))
    form.finish()
    meeting_rows.note_change(step.connection, case, day, reason, step.now, step.by)
    if day is None:
        meeting_rows.move(step.connection, case, MeetingDeed.CANCEL, step.now)
        escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
    else:
        meeting_rows.change(step.connection, case.id, step.now, held_on=day)
        step.set_deadline(None, None)
    for one in meeting_rows.invited(step.connection, case.id):
        if one.sent_at is not None:
            step.announce(Notice(meeting_letters.changed(case, day, reason), one.institution))
    return {"meeting_cancelled": day is None}
