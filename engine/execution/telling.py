"""What a step or an act tells of human tasks: the news for the application's teller.

Owns the step from waits and rows to `engine.ports.news`. Knows neither people nor mails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.execution.border import HumanTask, Waiting
from engine.execution.step_host import StepHost
from engine.ports.handlers import NewJob
from engine.ports.news import Handed, Moved, News, Offer
from engine.storage.cases.worklist import Task
from engine.storage.later.jobs import job_row


def tell(
    host: StepHost,
    before: Waiting,
    after: Waiting,
    request_id: str | None = None,
    reason: str = "",
) -> None:
    """Tell of the tasks that a step has opened or moved, and of what its handlers announced. The
    work that follows joins the jobs of the step."""
    news = News(
        instance_id=host.instance_id,
        process_key=host.process_key,
        now=host.now,
        by=host.by,
        request_id=request_id,
        reason=reason,
        notices=tuple(host.notices),
        opened=[_offer(task) for token, task in after.tasks.items() if token not in before.tasks],
        moved=list(_moved(before, after)),
    )
    if not news.is_empty:
        host.jobs += [row_of(job, news) for job in host.around.tell(host.connection, news)]


def row_of(job: NewJob, news: News) -> dict[str, Any]:
    """The row of later work that the teller wants; due now unless it says when."""
    return job_row(job.kind, job.due_at or news.now, dict(job.payload))


def handed(task: Task, to: str | None) -> Handed:
    """The news of an open task that goes to one person, or back to its candidates."""
    offer = Offer(
        task_id=task.id,
        element_id=task.element_id,
        name=task.name,
        assignee=to,
        candidate_users=task.candidate_users,
        candidate_groups=task.candidate_groups,
        due_at=task.due_at,
    )
    return Handed(offer, task.assignee)


def _offer(task: HumanTask) -> Offer:
    return Offer(
        task_id=task.row_id,
        element_id=task.element.id,
        name=task.name,
        assignee=task.assignee,
        candidate_users=task.candidate_users,
        candidate_groups=task.candidate_groups,
        due_at=task.due_at,
        properties=task.element.properties,
    )


def _moved(before: Waiting, after: Waiting) -> Iterator[Moved]:
    for token, was in before.tasks.items():
        now = after.tasks.get(token)
        if now is not None and now.due_at != was.due_at:
            yield Moved(now.row_id, was.due_at, now.due_at)
