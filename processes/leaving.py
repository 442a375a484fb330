"""Closing an account without leaving its tasks with somebody who cannot act any more.

Owns where these tasks go and who is told. What closing ends is `processes.accounts`, what the page
warns of `processes.closing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict, NotFound
from engine.storage import worklist
from engine.storage.worklist import Task
from engine.words import say
from processes import accounts, letters
from processes.access import Scope
from processes.common import recipients
from processes.common.about import subject_of
from processes.service import Service
from processes.storage import account_facts, case_heads, mail_rows, users
from processes.storage.case_heads import CaseHead
from processes.storage.users import User
from processes.wording import Wording

LANGUAGE = "id"
"""Of the reason in the history of a case, which is written once for all readers."""


def close_account(service: Service, scope: Scope, user_id: UUID) -> int:
    """Close an account and give back the tasks it holds; how many. All of it is one transaction:
    nobody is left with tasks that a closed account holds. Raises as `accounts.deactivate`."""

    def work(connection: Connection) -> int:
        person, _ = accounts.account(connection, scope, user_id)
        now = service.engine.real_now_on(connection)
        accounts.deactivate(connection, scope, user_id, now=now)
        held = account_facts.tasks_of(connection, person.username)
        return sum(_give_back(service, connection, scope, task_id, person) for task_id in held)

    given = service.engine.repeat(work)
    service.engine.wake()
    return given


def _give_back(
    service: Service, connection: Connection, scope: Scope, task_id: UUID, person: User
) -> bool:
    """To everybody it was offered to; where nobody of them is left, to the institution's
    leadership, which is told in any case."""
    task = worklist.get(connection, task_id)
    head = case_heads.of_instance(connection, task.process_key, task.instance_id)
    leaders = _leaders(connection, task, head)
    alone = not recipients.offered_to(connection, task)
    to = leaders[0].username if alone and leaders else None
    words = Wording(LANGUAGE, service.options.translate(LANGUAGE))
    reason = words(say("The account of {name} was closed.", name=person.name))
    try:
        service.engine.assign_on(connection, task_id, to, scope.username, reason)
    except (Conflict, NotFound):
        return False  # completed or withdrawn at this very moment
    if head is not None:
        _tell(service, connection, leaders, task, head, person)
    return True


def _leaders(connection: Connection, task: Task, head: CaseHead | None) -> list[User]:
    """The leadership of the institution that the task is offered to, cleared for its case."""
    if head is None:
        return []
    codes = recipients.institutions_of(task)
    found = [user for code in codes for user in users.members_of(connection, code, "head")]
    return [user for user in found if recipients.cleared(user, head.classification)]


def _tell(
    service: Service,
    connection: Connection,
    leaders: Sequence[User],
    task: Task,
    head: CaseHead,
    person: User,
) -> None:
    about = subject_of(head, f"/tasks/{task.id}")
    letter = letters.left_behind(about, service.notifier.paper, task.name, person.name)
    now = service.engine.now_on(connection)
    for leader in leaders:
        mail_id = service.notifier.put(connection, leader, letter, head, now)
        mail_rows.queue(connection, mail_id, now)
