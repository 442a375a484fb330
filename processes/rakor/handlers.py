"""The handlers of a rakor's tasks until it is held: preparing, inviting, positions, holding.

Each handler finds the row of its instance and writes rows of that rakor only. Raises `Refusal` with
a sentence for each field that cannot be accepted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import Sentence, say
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.numbers import Series, next_number
from processes.lifecycle.own_case import own_meeting, today_of, year_of
from processes.notices.texts import meeting_letters
from processes.notices.texts.letters import Notice
from processes.register.states import MeetingDeed
from processes.storage.meetings import meeting_rows, position_rows
from processes.storage.meetings.meeting_rows import Columns, Meeting
from processes.storage.meetings.position_rows import StatedPosition
from processes.storage.people import institutions, users


def record_preparation(step: Step) -> dict[str, object]:
    """Subject, day, place, chair, agenda and guests; the rakor gets its number here. Whom it
    invites follows from what it covers.

    {"institutions": [code, ...]}: those that have an open follow-up of what it covers.
    """
    case = own_meeting(step)
    form = Answers(step.answers)
    columns: Columns = {
        "title": form.required("title"),
        "held_on": future_day(step, form),
        "hour": form.text("hour"),
        "place": form.required("place"),
        "chair": form.required("chair"),
        "agenda": form.text("agenda"),
        "guests": form.text("guests"),
    }
    asked = meeting_rows.open_follow_ups(step.connection, case.id)
    if not asked:
        form.complain("title", NOTHING_COVERED)
    if (unserved := _unserved(step, case, asked)) and not form.ticked("proceed_without_users"):
        form.complain("proceed_without_users", unserved)
    form.finish()
    columns["number"] = case.number or next_number(step, Series.MEETING, year_of(step))
    columns["previous_id"] = meeting_rows.last_held(step.connection, case.id)
    meeting_rows.invite(step.connection, case.id, list(asked))
    meeting_rows.move(step.connection, case, MeetingDeed.PREPARE, step.now, **columns)
    return {"institutions": list(asked)}


NOTHING_COVERED = say(
    "This rakor covers no open follow-up. Choose its recommendations on its page first."
)


def future_day(step: Step, form: Answers) -> date:
    """The day of a rakor that is not held yet."""
    day = form.required_day("held_on")
    if day != date.min and day <= today_of(step.connection, step.now):
        form.complain("held_on", say("This date must lie in the future."))
    return day


def _unserved(step: Step, case: Meeting, codes: Collection[str]) -> Sentence | None:
    """Who would not get the invitation, because nobody there is cleared for it."""
    without = users.institutions_without_contact(step.connection, set(codes), case.classification)
    names = sorted(institutions.short_names(step.connection, without).values())
    if not names:
        return None
    return say("Nobody would receive it at {names}. Tick to go on.", names=", ".join(names))


def record_invitation_decision(step: Step) -> None:
    """Whether the invitations go out, and under which number. A no needs its reason."""
    case = own_meeting(step)
    form = Answers(step.answers)
    approved = form.yes("invitation_approved")
    notes = form.text("notes")
    if not approved:
        if notes is None:
            form.complain("notes", say("Please write what must be changed."))
        form.finish()
        meeting_rows.move(step.connection, case, MeetingDeed.REFUSE, step.now)
        return
    number = form.required("letter_number")
    if case.held_on is None or case.held_on <= today_of(step.connection, step.now):
        late = say("The day of this rakor has come. Send it back for another day.")
        form.complain("invitation_approved", late)
    form.finish()
    meeting_rows.move(step.connection, case, MeetingDeed.APPROVE, step.now, letter_number=number)


def send_invitations(step: Step) -> dict[str, object]:
    """A letter to each institution that has an open follow-up of it by now, and the mail that tells
    of it. {"institutions": [code, ...]}."""
    case = own_meeting(step)
    meeting_rows.classify(step.connection, case.id)
    codes = list(meeting_rows.open_follow_ups(step.connection, case.id))
    meeting_rows.invite(step.connection, case.id, codes)
    letters = {code: f"{case.letter_number}/{code}" for code in codes}
    meeting_rows.send(step.connection, case.id, letters, step.now)
    meeting_rows.move(step.connection, case, MeetingDeed.INVITE, step.now, invited_at=step.now)
    for code in codes:
        step.announce(Notice(meeting_letters.invited(case), code))
    return {"institutions": codes}


def record_position(step: Step) -> None:
    """What one institution says of its follow-ups; stored at once, because the day of the rakor
    ends the round."""
    case = own_meeting(step)
    asked = str(step.data.get("institution") or "")
    sent = {one.institution for one in meeting_rows.invited(step.connection, case.id)}
    code = institutions.heir(step.connection, asked, sent)
    if code not in sent:
        raise Refusal(say("{code} is not invited to this rakor.", code=asked))
    form = Answers(step.answers)
    own = meeting_rows.own_numbers(step.connection, case.id, code)
    said: dict[str, StatedPosition] = {}
    for row in form.rows("positions"):
        number = row.required("number")
        follow_up_id = own.get(number)
        if follow_up_id is None:
            row.complain("number", say("You have no open follow-up of {number}.", number=number))
            continue
        if number in said:
            row.complain("number", say("{number} is named twice.", number=number))
        said[number] = StatedPosition(
            uuid7(), case.id, follow_up_id, row.required("text"), row.text("obstacles"),
            row.text("requests"), step.now, step.by,
        )  # fmt: skip
    if missing := [number for number in own if number not in said]:
        form.complain(
            "positions",
            say("Please write a row for each of these too: {numbers}.", numbers=", ".join(missing)),
        )
    form.finish()
    position_rows.put(step.connection, *said.values())
    meeting_rows.answer(step.connection, case.id, code, step.now)


def record_holding(step: Step) -> None:
    """The rakor was held: who was there. What was said in it is typed on its own page."""
    case = own_meeting(step)
    form = Answers(step.answers)
    attendance = form.required("attendance")
    if case.held_on is None or case.held_on > today_of(step.connection, step.now):
        form.complain(
            "attendance",
            say("This rakor is on {day}. Move it first, if it was held earlier.", day=case.held_on),
        )
    form.finish()
    meeting_rows.move(
        step.connection, case, MeetingDeed.HOLD, step.now,
        attendance=attendance, held_at=step.now,
    )  # fmt: skip
