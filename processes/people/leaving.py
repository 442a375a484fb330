"""Closing an account without leaving its tasks to a person who cannot act any more.

Owns where these tasks go and who gets a notice. `processes.people.accounts` ends the rest;
`processes.people.closing` has the facts for the warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.cases.worklist import Task
from processes.acts.acting import Acting, act
from processes.ground.letter_language import Wording
from processes.notices import recipients
from processes.notices.about import of_task
from processes.notices.texts import letters
from processes.people import accounts, approvals, closing
from processes.rights.grants import keep_a_head
from processes.rights.scope import cleared
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import mail_rows
from processes.storage.people import account_facts, users
from processes.storage.people.users import User
from processes.work import task_drafts
from processes.work.tasks import LONGEST_REASON

LANGUAGE = "id"
"""Language of the reason in the history of a case, which all readers share."""


@act
def close_account(act: Acting, user_id: UUID, to: str | None = None, reason: str = "") -> int:
    """Close an account, and hand the tasks it holds to the colleague `to`, or back to those they
    were offered to, with what was typed and why; return their number. A task that the colleague may
    not have goes back too. All in one transaction, so a closed account never holds a task.

    Raises the errors of `accounts.deactivate`, and `BadInput` with the field `to` or `reason`.
    """
    person = accounts.deactivate(act, user_id)
    led = users.grants_of(act.connection, [user_id])[user_id].memberships
    keep_a_head(act.connection, {one.institution_code for one in led if one.role == "head"})
    held = account_facts.tasks_of(act.connection, person.username)
    theirs = _theirs(act, person, held, to)
    why = _why(act, person, reason)
    given = sum(
        _hand_over(act, task, person, to if task.id in theirs else None, why) for task in held
    )
    # Last, because the audit is locked to the end: an act on a case locks the case first.
    accounts.record(act, "deactivate_user", person, {"to": to} if to else None)
    approvals.withdraw_all(act, person)
    act.engine.wake()
    return given


def _theirs(act: Acting, person: User, held: Sequence[Task], to: str | None) -> frozenset[UUID]:
    """The tasks that the colleague gets."""
    if to is None:
        return frozenset()
    found = closing.colleagues(act.connection, person, held)
    chosen = next((one for one in found if one.user.username == to), None)
    if chosen is None:
        wrong = say("Choose one of the people these tasks were offered to.")
        raise BadInput(say("Please correct the marked fields."), {"to": wrong})
    return chosen.tasks


def _why(act: Acting, person: User, reason: str) -> str:
    if len(reason.strip()) > LONGEST_REASON:
        wrong = say("Write at most {limit} characters.", limit=LONGEST_REASON)
        raise BadInput(wrong, {"reason": wrong})
    words = Wording(LANGUAGE, act.service.options.translate(LANGUAGE, act.connection))
    closed = words(say("The account of {name} was closed.", name=person.name))
    return f"{closed} {reason.strip()}".strip()


def _hand_over(act: Acting, task: Task, person: User, colleague: str | None, why: str) -> bool:
    """Give a task to the colleague, or return it to its candidates. If none of them is left, it
    goes to the institution's heads, who get a notice in any case that no colleague has it."""
    head = case_heads.of_instance(act.connection, task.process_key, task.instance_id)
    leaders = [] if colleague else _leaders(act.connection, task, head)
    alone = not recipients.offered_to(act.connection, task)
    to = colleague or (leaders[0].username if alone and leaders else None)
    try:
        act.engine.assign(task.id, to, act.by, why)
    except (Conflict, NotFound):
        return False  # completed or withdrawn at this very moment
    if to is not None:
        task_drafts.hand_on(act, task, to)
    if head is not None:
        others = [one for one in leaders if one.username != to]
        _tell(act, others, task, head, person)
    return True


def _leaders(connection: Connection, task: Task, head: CaseHead | None) -> list[User]:
    """The heads of the institution to which the task is offered, cleared for its case."""
    if head is None:
        return []
    codes = recipients.institutions_of(task)
    found = [user for code in codes for user in users.members_of(connection, code, "head")]
    return [user for user in found if cleared(user, head.classification)]


def _tell(act: Acting, leaders: Sequence[User], task: Task, head: CaseHead, person: User) -> None:
    notifier = act.service.notifier
    about = of_task(head, task.id, notifier.paper.addresses)
    letter = letters.left_behind(about, notifier.paper, task.name, person.name)
    for leader in leaders:
        mail_id = notifier.put(act.connection, leader, letter, head, act.now)
        mail_rows.queue(act.connection, mail_id, act.now)
