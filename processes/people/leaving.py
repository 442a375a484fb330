"""Closing an account without leaving its tasks to a person who cannot act any more.

Owns where these tasks go and who gets a notice. `processes.people.accounts` ends the rest;
`processes.people.closing` has the facts for the warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from processes.acts.acting import Acting, act
from processes.ground.letter_language import Wording
from processes.notices import letters, recipients
from processes.notices.about import of_task
from processes.people import accounts, approvals
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import mail_rows
from processes.storage.people import account_facts, users
from processes.storage.people.users import User
from processes.work import task_drafts

LANGUAGE = "id"
"""Number of characters of the reason in the history of a case, which all readers share."""


@act
def close_account(act: Acting, user_id: UUID) -> int:
    """Close an account and return the tasks it holds to their candidates; return their number. All
    in one transaction, so a closed account never holds a task. Raises the errors of
    `accounts.deactivate`."""
    person = accounts.deactivate(act, user_id)
    held = account_facts.tasks_of(act.connection, person.username)
    given = sum(_give_back(act, task_id, person) for task_id in held)
    # Last, because the audit is locked to the end: an act on a case locks the case first.
    accounts.record(act, "deactivate_user", person)
    approvals.withdraw_all(act, person)
    act.engine.wake()
    return given


def _give_back(act: Acting, task_id: UUID, person: User) -> bool:
    """Return a task to its candidates. If none of them is left, it goes to the institution's heads,
    who get a notice in any case."""
    task = worklist.get(act.connection, task_id)
    head = case_heads.of_instance(act.connection, task.process_key, task.instance_id)
    leaders = _leaders(act.connection, task, head)
    alone = not recipients.offered_to(act.connection, task)
    to = leaders[0].username if alone and leaders else None
    words = Wording(LANGUAGE, act.service.options.translate(LANGUAGE))
    reason = words(say("The account of {name} was closed.", name=person.name))
    try:
        act.engine.assign(task_id, to, act.by, reason)
    except (Conflict, NotFound):
        return False  # completed or withdrawn at this very moment
    if to is not None:
        task_drafts.hand_on(act, task, to)
    if head is not None:
        _tell(act, leaders, task, head, person)
    return True


def _leaders(connection: Connection, task: Task, head: CaseHead | None) -> list[User]:
    """The heads of the institution to which the task is offered, cleared for its case."""
    if head is None:
        return []
    codes = recipients.institutions_of(task)
    found = [user for code in codes for user in users.members_of(connection, code, "head")]
    return [user for user in found if recipients.cleared(user, head.classification)]


def _tell(act: Acting, leaders: Sequence[User], task: Task, head: CaseHead, person: User) -> None:
    notifier = act.service.notifier
    about = of_task(head, task.id, notifier.paper.addresses)
    letter = letters.left_behind(about, notifier.paper, task.name, person.name)
    for leader in leaders:
        mail_id = notifier.put(act.connection, leader, letter, head, act.now)
        mail_rows.queue(act.connection, mail_id, act.now)
