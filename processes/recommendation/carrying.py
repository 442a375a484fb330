"""Carrying open follow-ups over into the next recommendation, when that is issued.

Owns the one place where a step writes rows of another recommendation: those of the one before,
which its own row names. Each is locked first, so of the issue and of the end of the old case one
comes first, and nothing is owed twice. Until the issue the old case goes on under its old letter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from engine.ports.cases import EVERY_FAMILY
from engine.ports.handlers import NewJob, Step
from engine.records.payloads import Message, Origin
from processes.ground.outcomes import Outcome, Tiding
from processes.lifecycle.own_case import own_recommendation
from processes.register.states import ENDED, Deed, Treatment
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases import follow_up_rows, recommendation_rows, remaining_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.cases.remaining_rows import WITHDRAWAL


@dataclass(frozen=True, slots=True)
class Before:
    """How the recommendations before stand with the institutions of the next one. `carried`: open
    follow-ups that end now; `done`: the institutions that are not asked again, because their old
    follow-up ended meanwhile or cannot be ended; `told`: whom that concerns."""

    carried: Sequence[FollowUp] = ()
    done: Collection[str] = ()
    told: Sequence[Tiding] = ()


def before(step: Step, case: Recommendation, owing: Collection[str]) -> Before:
    """What is to be done with the follow-ups of the recommendations before, however far back: one
    that was left to finish there is not owed twice. `owing`: the institutions that the next one
    asks."""
    if case.predecessor_id is None:
        return Before()
    marked = remaining_rows.coming(step.connection, case.id)
    earlier = remaining_rows.before(step.connection, case.id)
    running = remaining_rows.running(step.connection, *earlier)
    deaf = remaining_rows.deaf(step.connection, running)
    wanted = [row for row in running if row.institution in owing]
    stays = [row for row in wanted if row.id in deaf]
    ended = [row for row in marked if row.status in ENDED and row.institution in owing]
    dropped = [row for row in marked if row.status not in ENDED and row.institution not in owing]
    done = {row.institution for row in [*ended, *stays]}
    author = remaining_rows.evaluator(step.connection, case.predecessor_id)
    return Before(
        # Without a new follow-up there is none to go on in.
        carried=[row for row in wanted if row.institution not in done],
        done=done,
        told=[
            *released(step, [*dropped, *stays]),
            *(Tiding("ended_meanwhile", author, "coordinator", row.id) for row in ended),
        ],
    )


def carry_over(step: Step, case: Recommendation, found: Before, new: Iterable[FollowUp]) -> None:
    """End the old follow-ups without a verdict; each names the new one that goes on from it. The
    row says so from now on, and a message ends the tasks and timers."""
    following = {row.institution: row.id for row in new}
    for old in found.carried:
        follow_up_rows.move(
            step.connection, old, Deed.CARRY_OVER, step.now, closed_at=step.now,
            treatment=Treatment.CARRIED_OVER, successor_id=case.id,
            carried_into_id=following[old.institution],
        )  # fmt: skip
        _end(step, case, old)


def _end(step: Step, case: Recommendation, old: FollowUp) -> None:
    """Tell the old case. It belongs to another recommendation, so the register speaks, not this
    case: between recommendations no model can send anything."""
    payload = {
        "kind": Treatment.CARRIED_OVER.value, "reason": "", "successor": case.number or "",
        "letter_number": case.letter_number or "",
    }  # fmt: skip
    origin = Origin(step.instance_id, step.element_id, step.element_name or step.element_id)
    message = Message(WITHDRAWAL, str(old.id), payload, step.by, family=EVERY_FAMILY, origin=origin)
    step.enqueue(NewJob(message.kind, message.encode()))


def released(step: Step, rows: Iterable[FollowUp]) -> list[Tiding]:
    """Leave follow-ups to finish that were to be carried over; who decided that is told."""
    told = []
    for row in rows:
        if row.status in ENDED:
            continue
        follow_up_rows.change(
            step.connection, row.id, step.now, treatment=Treatment.LEFT_TO_FINISH,
            successor_id=None, left_to_finish_at=step.now,
        )  # fmt: skip
        decider = remaining_rows.decider(step.connection, row.recommendation_id)
        told.append(Tiding("not_carried_over", decider, "supervisor", row.id))
    return told


def addressing(record: Callable[[Step], Outcome]) -> Callable[[Step], Outcome]:
    """The handler that may change whom a draft asks, and then leaves to finish what was to be
    carried over with institutions that it does not ask any more."""

    def handler(step: Step) -> Outcome:
        found = record(step)
        let_go = released(step, _dropped(step, own_recommendation(step)))
        return Outcome(found.variables, [*found.told, *let_go])

    return handler


def _dropped(step: Step, case: Recommendation) -> list[FollowUp]:
    roles = recommendation_rows.institutions_of(step.connection, case.id)
    return [
        row
        for row in remaining_rows.coming(step.connection, case.id)
        if roles.get(row.institution) not in OWING_ROLES
    ]
