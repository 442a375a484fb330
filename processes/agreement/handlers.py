"""The handlers of an agreement: how it was fulfilled, what was found of it, and its end.

Each handler finds the row of its instance and writes rows of that agreement only. Raises `Refusal`
with a sentence for each field that cannot be accepted.
"""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from processes.files.evidence import taken_from
from processes.ground.outcomes import Outcome as Told
from processes.ground.outcomes import decided
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import no_case, today_of
from processes.notices.texts import agreement_letters
from processes.notices.texts.letters import Notice, Write
from processes.register.agreement_states import AgreementDeed, Holder, Outcome
from processes.storage.meetings import agreement_rows, fulfilments
from processes.storage.meetings.agreement_rows import Agreement
from processes.storage.meetings.fulfilments import (
    AgreementFile,
    Check,
    Fulfilment,
    checks,
    files,
)
from processes.storage.meetings.fulfilments import fulfilments as facts
from processes.storage.notices import escalation_rows

OUTCOMES = tuple(Outcome)


def own_agreement(step: Step) -> Agreement:
    """The agreement of this instance. Raises `Refusal` if the register has none."""
    found = agreement_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def record_fulfilment(step: Step) -> None:
    """What the holder did, with its evidence. A coordinator may write it for an institution without
    accounts."""
    found = own_agreement(step)
    form = Answers(step.answers)
    text, uploads = form.required("fulfilment"), form.uploads("evidence")
    form.finish()
    for_others = found.holder is Holder.INSTITUTION and step.element_id == "fulfil_for"
    done = Fulfilment(uuid7(), found.id, text, for_others, step.now, step.by)
    facts.add(step.connection, done)
    _attach(step, done.id, uploads)
    agreement_rows.move(step.connection, found, AgreementDeed.FULFIL, step.now)


def _attach(step: Step, fulfilment_id: UUID, uploads: list[UUID]) -> None:
    rows = [
        AgreementFile(
            uuid7(), fulfilment_id, one.sha256, one.name, one.type, one.size, step.now, step.by
        )
        for one in taken_from(step, uploads, field="evidence")
    ]
    files.add(step.connection, *rows)


def record_fulfilment_check(step: Step) -> None:
    """What the coordinator found: fulfilled; not yet, with notes and a new date; or void, which a
    supervisor decides."""
    found = own_agreement(step)
    form = Answers(step.answers)
    outcome, notes = form.choice("outcome", OUTCOMES), form.text("notes")
    if outcome is not Outcome.FULFILLED and notes is None:
        form.complain("notes", say("Please write what the holder has to know."))
    late = form.required_day("new_deadline") if outcome is Outcome.NOT_YET else None
    if late is not None and late <= today_of(step.connection, step.now):
        form.complain("new_deadline", say("This date must lie in the future."))
    form.finish()
    check = Check(uuid7(), found.id, outcome, notes, late, step.now, step.by)
    checks.add(step.connection, check)
    if outcome is Outcome.FULFILLED:
        _end(step, found, outcome, None, agreement_letters.fulfilled)
    elif late is not None:
        agreement_rows.move(step.connection, found, outcome, step.now, deadline=late)
        _tell(step, found, agreement_letters.not_yet)
    else:
        agreement_rows.move(step.connection, found, outcome, step.now)


def record_void_decision(step: Step) -> Told:
    """Whether the agreement is void. A no sends it back to the coordinator; who proposed it is
    told."""
    found = own_agreement(step)
    form = Answers(step.answers)
    approved, reason = form.yes("void_approved"), form.required("consideration")
    form.finish()
    proposal = fulfilments.proposal(step.connection, found.id)
    if proposal is None:
        raise Refusal(say("Nobody has proposed that this agreement is void."))
    proposer = fulfilments.decide(
        step.connection, proposal, approved=approved, reason=reason, at=step.now, by=step.by
    )
    if not approved:
        agreement_rows.move(step.connection, found, AgreementDeed.REFUSE, step.now)
        return Told()  # the check is asked again
    _end(step, found, AgreementDeed.APPROVE, reason, agreement_letters.voided)
    return Told(told=decided(step, "void_approved", proposer, reason))


def withdraw_agreement(step: Step) -> None:
    """End the agreement: what it was settled about was withdrawn."""
    found, reason = own_agreement(step), Answers(step.answers).text("reason")
    _end(step, found, AgreementDeed.WITHDRAW, reason, agreement_letters.withdrawn)


def _end(
    step: Step,
    found: Agreement,
    act: AgreementDeed | Outcome,
    reason: str | None,
    write: Write,
) -> None:
    agreement_rows.move(
        step.connection, found, act, step.now, ended_at=step.now, ended_reason=reason
    )
    escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
    _tell(step, found, write)


def _tell(step: Step, found: Agreement, write: Write) -> None:
    """Tell the institution that holds it; coordinators do so by their tasks."""
    if found.institution is not None:
        step.announce(Notice(write, found.institution))
