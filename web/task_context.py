"""What stands around the form of a task: what it is about, what it would mean, what it starts with.

Owns one table from (process, task) to those three. A task of any other model has none of them.
Facts and rules are those of `processes`; the templates are under `templates/tasks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.words import Sentence
from processes import follow_ups, recommendation_case, recommendation_drafts, recommendation_tasks
from processes.access import Scope, allows
from processes.task_page import TaskPage


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what about which task. `answers`: those of the form that can be read by now."""

    connection: Connection
    scope: Scope
    page: TaskPage
    now: datetime
    answers: Mapping[str, Any]

    @property
    def recommendation(self) -> UUID:
        """Id of the recommendation the task belongs to."""
        assert self.page.head is not None, "asked for tasks of a case only"
        return self.page.head.recommendation_id

    @property
    def follow_up(self) -> UUID:
        """Id of the follow-up the task belongs to."""
        assert self.page.head is not None, "asked for tasks of a case only"
        assert self.page.head.follow_up_id is not None, "asked for tasks of a follow-up only"
        return self.page.head.follow_up_id


class Outcome(Protocol):
    """What the answers would mean. `wrong`: what would be refused, by field."""

    @property
    def wrong(self) -> Mapping[str, Sentence]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Facts and the template that shows them."""

    template: str
    facts: object


@dataclass(frozen=True, slots=True)
class Context:
    """`subject`: shown before the form; `outcome`: behind its fields, and on the check page, which
    is refused while something is `wrong`."""

    subject: Part | None = None
    outcome: Part | None = None
    wrong: Mapping[str, Sentence] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How the parts of one task are found: templates with the questions behind them."""

    subject: tuple[str, Callable[[Asking], object]] | None = None
    outcome: tuple[str, Callable[[Asking], Outcome]] | None = None
    proposed: Callable[[Connection, UUID], Mapping[str, object]] | None = None


def of(asking: Asking) -> Context:
    """The context of an open task. Raises `NotFound` where its case may not be read."""
    rule = _rule(asking.page)
    subject = Part(rule.subject[0], rule.subject[1](asking)) if rule.subject else None
    # Only who may send the form is told what sending it would mean.
    if rule.outcome is None or not allows(asking.scope, "complete_task", asking.page.relations):
        return Context(subject)
    template, question = rule.outcome
    outcome = question(asking)
    return Context(subject, Part(template, outcome), outcome.wrong)


def proposed(connection: Connection, page: TaskPage) -> Mapping[str, object]:
    """What the form of a task starts with where nobody has written anything yet."""
    rule = _rule(page)
    if rule.proposed is None or page.head is None:
        return {}
    return rule.proposed(connection, page.head.recommendation_id)


def _rule(page: TaskPage) -> Rule:
    if page.head is None:
        return NOTHING
    return RULES.get((page.task.process_key, page.task.element_id), NOTHING)


def _follow_up(asking: Asking) -> object:
    return follow_ups.detail(asking.connection, asking.scope, asking.follow_up, asking.now)


def _recommendation(asking: Asking) -> object:
    return recommendation_case.detail(
        asking.connection, asking.scope, asking.recommendation, asking.now
    )


def _outlook(asking: Asking) -> Outcome:
    return recommendation_drafts.outlook(
        asking.connection, asking.scope, asking.answers, asking.now
    )


def _recipients(asking: Asking) -> Outcome:
    return recommendation_tasks.recipients(
        asking.connection, asking.scope, asking.recommendation, asking.answers
    )


NOTHING = Rule()
JUDGED = Rule(subject=("tasks/subject.html", _follow_up))
"""What the institution wrote, since that is what the task is about."""
OWN_WORK = Rule(subject=("tasks/own_work.html", _follow_up))
"""What the institution has at hand: the reply to what it wrote, its plan, its progress."""
WHOLE = ("tasks/recommendation.html", _recommendation)
RULES: Mapping[tuple[str, str], Rule] = {
    ("follow_up", "acknowledge"): OWN_WORK,
    ("follow_up", "plan"): OWN_WORK,
    ("follow_up", "implement"): OWN_WORK,
    ("follow_up", "report"): OWN_WORK,
    ("follow_up", "evaluate"): JUDGED,
    ("follow_up", "decide_not_feasible"): JUDGED,
    ("follow_up", "answer_clarification"): JUDGED,
    ("follow_up", "review_disagreement"): JUDGED,
    ("follow_up", "decide_extension"): JUDGED,
    ("recommendation", "register"): Rule(
        subject=WHOLE,
        outcome=("tasks/outlook.html", _outlook),
        proposed=recommendation_drafts.prefill,
    ),
    ("recommendation", "comment"): Rule(subject=WHOLE),
    ("recommendation", "finalise"): Rule(subject=WHOLE, proposed=recommendation_tasks.finalising),
    ("recommendation", "approve"): Rule(subject=WHOLE),
    ("recommendation", "send_out"): Rule(
        subject=WHOLE, outcome=("tasks/recipients.html", _recipients)
    ),
    ("recommendation", "meeting"): Rule(subject=WHOLE),
    ("recommendation", "evaluate_overall"): Rule(subject=WHOLE),
    ("recommendation", "decide_withdrawal"): Rule(subject=WHOLE),
}
"""(process key, id of the task) -> what stands around its form."""
