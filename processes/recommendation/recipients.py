"""Changes of institutions after the issue: proposed with a letter, decided, applied.

Owns the rules of a change. As in `processes.recommendation.handlers`: rows of the instance's own
case only; `apply_recipients` also inserts the rows of the follow-ups it begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import Sentence, say
from processes.ground.outcomes import Outcome, decided
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import own_recommendation, today_of
from processes.recommendation.services import Begun, begin_follow_ups
from processes.register.states import ENDED, RECOMMENDATION_ENDED
from processes.register.vocabulary import OWING_ROLES, ROLES, InstitutionRole
from processes.storage.cases import follow_up_rows, recipients_change_rows, recommendation_rows
from processes.storage.cases.recommendation_detail import RecipientsChange, recipients_changes
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.people import institutions

PENDING = say("An earlier change of institutions has not been decided yet.")


def record_recipients_change(step: Step) -> None:
    """Record who is to be added and who is to be taken out. The step that takes the message records
    it."""
    case, form = own_recommendation(step), Answers(step.answers)
    if why := refused(step.connection, case):
        raise Refusal(why)
    added = [_added(row) for row in form.rows("added")]
    taken_out = form.words("taken_out")
    letter, reason = form.required("letter_number"), form.required("reason")
    rules = _Rules.of(step.connection, case, today_of(step.connection, step.now))
    for field, sentence in rules.wrong(added, taken_out):
        form.complain(field, sentence)
    form.finish()
    change = RecipientsChange(
        id=uuid7(),
        recommendation_id=case.id,
        added=[one.as_row() for one in added],
        taken_out=taken_out,
        letter_number=letter,
        reason=reason,
        proposed_at=step.now,
        proposed_by=step.by,
    )
    recipients_changes.add(step.connection, change)


@dataclass(frozen=True, slots=True)
class Added:
    """An institution to be added. `deadline` None: it only gets a copy, and owes nothing."""

    institution: str
    role: InstitutionRole
    deadline: date | None

    def as_row(self) -> dict[str, str | None]:
        """The same as the register keeps it until it is applied."""
        day = self.deadline.isoformat() if self.deadline else None
        return {"institution": self.institution, "role": self.role, "deadline": day}


def _added(row: Answers) -> Added:
    code, role = row.required("institution"), row.choice("role", ROLES)
    owes = role in OWING_ROLES
    if not owes and row.text("deadline"):
        row.complain("deadline", say("A copy for information has no deadline."))
    return Added(code, role, row.required_day("deadline") if owes else None)


def refused(connection: Connection, case: Recommendation) -> Sentence | None:
    """Why no change can be proposed now; None: one can."""
    if case.status in RECOMMENDATION_ENDED:
        return say("This recommendation has ended; its institutions are not changed any more.")
    if case.issued_at is None:
        return say("Before the issue the institutions are changed in the draft.")
    if recipients_change_rows.pending(connection, case.id) is not None:
        return PENDING
    return None


def record_recipients_decision(step: Step) -> Outcome:
    """Whether the institutions are changed; who proposed it is told. A no needs its reason; a yes
    needs a change that can still be carried out."""
    case, form = own_recommendation(step), Answers(step.answers)
    approved, reason = form.yes("recipients_approved"), form.text("reason")
    change = recipients_change_rows.pending(step.connection, case.id)
    if change is None:
        raise Refusal(say("There is no change of institutions to decide."))
    if not approved and reason is None:
        form.complain("reason", say("Please write why not."))
    if approved:
        rules = _Rules.of(step.connection, case, today_of(step.connection, step.now))
        for _, sentence in rules.wrong(_named(change), change.taken_out):
            form.complain("recipients_approved", sentence)
    form.finish()
    recipients_change_rows.decide(
        step.connection, change.id, approved=approved, reason=reason, at=step.now, by=step.by
    )
    word = "recipients_approved" if approved else "recipients_refused"
    return Outcome(told=decided(step, word, change.proposed_by, reason))


def apply_recipients(step: Step) -> None:
    """Begin the follow-ups of those added, and withdraw the follow-ups of those taken out. Who only
    gets a copy, or got one until now, is addressed and nothing else."""
    case = own_recommendation(step)
    change = recipients_change_rows.approved_last(step.connection, case.id)
    if change is None:
        raise LookupError(f"no approved change of the institutions of {case.id}")
    roles = {one.institution: one.role for one in _named(change)}
    recommendation_rows.add_institutions(step.connection, case.id, roles)
    begin_follow_ups(step, case, begun(change))
    _take_out(step, case, change)


def begun(change: RecipientsChange) -> list[Begun]:
    """The follow-ups that a change begins."""
    return [Begun.of_row(row) for row in change.added if row["role"] in OWING_ROLES]


def copied(change: RecipientsChange) -> list[str]:
    """The institutions to which a change sends a copy."""
    return [str(row["institution"]) for row in change.added if row["role"] not in OWING_ROLES]


def _named(change: RecipientsChange) -> list[Added]:
    return [
        Added(
            row["institution"],
            row["role"],
            date.fromisoformat(row["deadline"]) if row["deadline"] else None,
        )
        for row in change.added
    ]


def _take_out(step: Step, case: Recommendation, change: RecipientsChange) -> None:
    """Those taken out count no more from here on; their follow-ups end by message a moment later.
    The message to the own case has it count anew."""
    recommendation_rows.take_out(step.connection, case.id, change.taken_out, step.now)
    told = {"reason": change.reason, "letter_number": change.letter_number}
    parts = follow_up_rows.of_recommendation(step.connection, case.id)
    left = [row for row in parts if row.institution in change.taken_out]
    for row in left:
        if row.status not in ENDED:
            step.send("recommendation_withdrawn", str(row.id), told)
    if left:
        step.send("follow_up_closed", str(case.id), {"institution": left[0].institution})


Complaint = tuple[str, Sentence]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a change is judged by. `had`: institutions that have or had a follow-up; `open`: those
    that still work on it; `informed`: those that got a copy; `leads`: the present ones; `going_on`:
    those that may get new work."""

    had: frozenset[str]
    open: frozenset[str]
    informed: frozenset[str]
    leads: frozenset[str]
    going_on: frozenset[str]
    today: date
    connection: Connection

    @classmethod
    def of(cls, connection: Connection, case: Recommendation, today: date) -> _Rules:
        parts = follow_up_rows.of_recommendation(connection, case.id)
        roles = recommendation_rows.institutions_of(connection, case.id)
        return cls(
            had=frozenset(row.institution for row in parts),
            open=frozenset(row.institution for row in parts if row.status not in ENDED),
            informed=frozenset(code for code, role in roles.items() if role == "information"),
            leads=frozenset(code for code, role in roles.items() if role == "lead"),
            going_on=frozenset(institutions.going_on(connection)),
            today=today,
            connection=connection,
        )

    def wrong(self, added: Sequence[Added], taken_out: Sequence[str]) -> list[Complaint]:
        """Everything that is wrong with a change, by field."""
        if not added and not taken_out:
            return [("added", say("Name at least one institution to add or to take out."))]
        short = institutions.short_names(
            self.connection, {*taken_out, *(one.institution for one in added)}
        )
        return [
            *self._wrongly_added(added, short),
            *self._wrongly_taken_out(added, taken_out, short),
        ]

    def _wrongly_added(self, added: Sequence[Added], short: dict[str, str]) -> list[Complaint]:
        found: list[Complaint] = []
        for number, one in enumerate(added):
            field, before = f"added[{number}]", {other.institution for other in added[:number]}
            name = short.get(one.institution)
            if name is None:
                unknown = say("There is no institution {code}.", code=one.institution)
                found.append((f"{field}.institution", unknown))
            elif one.institution in before:
                twice = say("{name} has been given two roles.", name=name)
                found.append((f"{field}.institution", twice))
            elif one.institution in self.had:
                again = say("{name} has had a follow-up of this recommendation.", name=name)
                found.append((f"{field}.institution", again))
            elif one.deadline is None and one.institution in self.informed:
                known = say("{name} has got a copy already.", name=name)
                found.append((f"{field}.institution", known))
            elif one.institution not in self.going_on:
                over = say("{name} was closed and gets no new work.", name=name)
                found.append((f"{field}.institution", over))
            if one.deadline is not None and one.deadline <= self.today:
                found.append((f"{field}.deadline", say("This date must lie in the future.")))
        return found

    def _wrongly_taken_out(
        self, added: Sequence[Added], taken_out: Sequence[str], short: dict[str, str]
    ) -> list[Complaint]:
        idle = [code for code in taken_out if code not in self.open | self.informed]
        if idle:
            names = ", ".join(short.get(code, code) for code in idle)
            return [("taken_out", say("{names} has no open follow-up and no copy.", names=names))]
        led = self.leads.difference(taken_out) or any(one.role == "lead" for one in added)
        return [] if led else [("taken_out", say("A lead institution must remain."))]
