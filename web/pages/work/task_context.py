"""The parts around the form of a task: its subject, the effect of its answers, its first values.

Owns one table from (process, task) to those three. A task of any other model has none of them.
`processes` has facts and rules; the templates are under `templates/tasks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from engine.sentences.sentence import Sentence
from processes.acts.reading import Reading
from processes.cases.follow_up import follow_ups, progress
from processes.cases.follow_up.follow_ups import Work
from processes.cases.recommendation import (
    recommendation_case,
    recommendation_drafts,
    recommendation_tasks,
)
from processes.cases.recommendation.recommendation_case import Draft
from processes.meetings import agreements, sheet
from processes.rights import groups
from processes.rights.access import allows
from processes.work import written_again
from processes.work.task_page import TaskPage
from processes.written_report import requests
from web.pages.work import act_effects
from web.words.i18n import render
from web.words.labels import ATTENDED


@dataclass(frozen=True, slots=True)
class Asking:
    """The reader, the task and the reading."""

    at: Reading
    page: TaskPage

    @property
    def recommendation(self) -> UUID:
        """Id of the recommendation the task belongs to."""
        assert self.page.head is not None, "asked for tasks of a case only"
        return self.page.head.recommendation

    @property
    def follow_up(self) -> UUID:
        """Id of the follow-up the task belongs to."""
        assert self.page.head is not None, "asked for tasks of a case only"
        assert self.page.head.follow_up_id is not None, "asked for tasks of a follow-up only"
        return self.page.head.follow_up_id

    @property
    def meeting(self) -> UUID:
        """Id of the rakor the task belongs to."""
        assert self.page.head is not None, "asked for tasks of a case only"
        assert self.page.head.meeting_id is not None, "asked for tasks of a rakor only"
        return self.page.head.meeting_id


class Outcome(Protocol):
    """The effect of the answers. `wrong`: the refusals, by field."""

    @property
    def wrong(self) -> Mapping[str, Sentence]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Facts, and the template that shows them."""

    template: str
    facts: Any


@dataclass(frozen=True, slots=True)
class Context:
    """`subject`: shown before the form; `outcome`: behind its fields, and on the check page, which
    is refused while there is a `wrong` one."""

    subject: Part | None = None
    outcome: Part | None = None
    wrong: Mapping[str, Sentence] | None = None


@dataclass(frozen=True, slots=True)
class PartsOfTask:
    """How the parts of one task are found: templates with the questions behind them. What the
    answers mean and what the form starts with is asked of the subject, which was read before."""

    subject: tuple[str, Callable[[Asking], object]] | None = None
    outcome: tuple[str, Callable[[Asking, Any, Mapping[str, Any]], Outcome]] | None = None
    proposed: Callable[[Any], Mapping[str, object]] | None = None


def subject_of(asking: Asking) -> Part | None:
    """What an open task is about. Raises `NotFound` where its case may not be read."""
    parts = _parts(asking.page)
    return Part(parts.subject[0], parts.subject[1](asking)) if parts.subject else None


def of(asking: Asking, subject: Part | None, answers: Mapping[str, Any]) -> Context:
    """The context of an open task. `answers`: those of its form that can be read by now."""
    parts = _parts(asking.page)
    # Only who may send the form is told what sending it would mean.
    able = allows(asking.at.scope, "complete_task", asking.page.relations)
    if parts.outcome is None or subject is None or not able:
        return Context(subject)
    template, question = parts.outcome
    outcome = question(asking, subject.facts, answers)
    return Context(subject, Part(template, outcome), outcome.wrong)


def proposed(page: TaskPage, subject: Part | None) -> Mapping[str, object]:
    """What the form of a task starts with where nobody has written anything yet."""
    if page.report is not None and page.task.element_id == written_again.REPORT_TASK:
        # Taken back, or sent back by the institution's head: it is written anew from what it said.
        return {name: texts[0] for name, texts in written_again.written(page.report).items()}
    parts = _parts(page)
    return {} if parts.proposed is None or subject is None else parts.proposed(subject.facts)


def asked_rows(page: TaskPage, subject: Part | None) -> frozenset[str]:
    """The tables of the form for which the case has rows: sent without them, they are refused."""
    return frozenset(
        name for name, value in proposed(page, subject).items() if value and _is_rows(value)
    )


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _parts(page: TaskPage) -> PartsOfTask:
    if page.head is None:
        return NOTHING
    return PARTS.get((page.task.process_key, page.task.element_id), NOTHING)


def _follow_up(asking: Asking) -> object:
    return follow_ups.work(asking.at.connection, asking.at.scope, asking.follow_up)


def _asked(asking: Asking) -> object:
    page = asking.page
    return requests.asked_of(asking.at.connection, page.task.instance_id, page.letter)


def _draft(asking: Asking) -> object:
    return recommendation_case.draft(asking.at.connection, asking.at.scope, asking.recommendation)


def _running(asking: Asking) -> object:
    at = asking.at
    return recommendation_case.running(at.connection, at.scope, asking.recommendation, at.now)


def _evaluating(asking: Asking) -> object:
    at = asking.at
    return recommendation_case.evaluating(at.connection, at.scope, asking.recommendation, at.now)


def _rakor(asking: Asking) -> object:
    codes = groups.contacted(asking.page.task.candidate_groups)
    return sheet.work(asking.at, asking.meeting, codes, asking.page.calendar.today(asking.at.now))


def _outlook(asking: Asking, _draft: Draft, answers: Mapping[str, Any]) -> Outcome:
    at = asking.at
    return recommendation_drafts.outlook(at.connection, at.scope, answers, at.now)


def _finalised(asking: Asking, draft: Draft, answers: Mapping[str, Any]) -> Outcome:
    at = asking.at
    return recommendation_drafts.outlook(at.connection, at.scope, answers, at.now, draft)


def _recipients(asking: Asking, draft: Draft, answers: Mapping[str, Any]) -> Outcome:
    return recommendation_tasks.recipients(asking.at.connection, draft, answers)


def _finishing(_asking: Asking, _work: object, answers: Mapping[str, Any]) -> Outcome:
    return progress.finishing(answers)


def _asked_for(found: Work) -> Mapping[str, object]:
    """The decision starts with the date that was asked for; another may be granted."""
    wish = found.pending_extension
    return {"new_deadline": wish.requested_deadline.isoformat()} if wish else {}


def _attended(found: sheet.Work) -> Mapping[str, object]:
    """Who came, as it was typed in the rakor itself: nobody types it twice."""
    lines = [
        f"{one.short_name}: " + ", ".join(filter(None, (_came(one.attendance), one.attended_by)))
        for one in found.invited
        if one.attendance or one.attended_by
    ]
    return {"attendance": "\n".join(lines)} if lines else {}


def _came(attendance: str | None) -> str:
    return render(ATTENDED[attendance]) if attendance else ""


def _granting(_asking: Asking, found: Work, answers: Mapping[str, Any]) -> Outcome:
    return act_effects.of_decision(found, answers)


def _agreement(asking: Asking) -> object:
    assert asking.page.head is not None, "asked for tasks of a case only"
    assert asking.page.head.agreement_id is not None, "asked for tasks of an agreement only"
    return agreements.written(asking.at, asking.page.head.agreement_id)


NOTHING = PartsOfTask()
AGREED = PartsOfTask(subject=("tasks/agreement.html", _agreement))
"""What was settled, what was written about it, and what was found."""
JUDGED = PartsOfTask(subject=("tasks/subject.html", _follow_up))
"""What the institution wrote, since that is what the task is about."""
OWN_WORK = PartsOfTask(subject=("tasks/own_work.html", _follow_up))
"""What the institution has at hand: the reply to what it wrote, its plan, its progress."""
DRAFT = ("tasks/recommendation.html", _draft)
RUNNING = ("tasks/recommendation.html", _running)
EVALUATING = ("tasks/recommendation.html", _evaluating)
RAKOR = ("tasks/rakor.html", _rakor)
PARTS: Mapping[tuple[str, str], PartsOfTask] = {
    ("follow_up", "acknowledge"): OWN_WORK,
    ("follow_up", "plan"): OWN_WORK,
    ("follow_up", "implement"): PartsOfTask(
        subject=OWN_WORK.subject, outcome=("tasks/finishing.html", _finishing)
    ),
    ("follow_up", "report"): OWN_WORK,
    ("follow_up", "release_report"): PartsOfTask(subject=("tasks/releasing.html", _follow_up)),
    ("follow_up", "evaluate"): JUDGED,
    ("follow_up", "decide_not_feasible"): JUDGED,
    ("follow_up", "answer_clarification"): JUDGED,
    ("follow_up", "review_disagreement"): JUDGED,
    ("follow_up", "decide_extension"): replace(
        JUDGED, outcome=("tasks/deciding.html", _granting), proposed=_asked_for
    ),
    ("written_report", "progress_report"): PartsOfTask(
        subject=("tasks/progress_asked.html", _asked), proposed=requests.proposed
    ),
    ("written_report", "release_progress"): PartsOfTask(
        subject=("tasks/releasing_progress.html", _asked)
    ),
    ("agreement", "fulfil"): AGREED,
    ("agreement", "fulfil_for"): AGREED,
    ("agreement", "check"): AGREED,
    ("agreement", "decide_void"): AGREED,
    ("recommendation", "register"): PartsOfTask(
        subject=DRAFT,
        outcome=("tasks/outlook.html", _outlook),
        proposed=recommendation_drafts.prefill,
    ),
    ("recommendation", "comment"): PartsOfTask(subject=DRAFT),
    ("recommendation", "finalise"): PartsOfTask(
        subject=DRAFT,
        outcome=("tasks/outlook.html", _finalised),
        proposed=recommendation_tasks.finalising,
    ),
    ("recommendation", "approve"): PartsOfTask(subject=DRAFT),
    ("recommendation", "send_out"): PartsOfTask(
        subject=DRAFT, outcome=("tasks/recipients.html", _recipients)
    ),
    # Of drawings before the process `rakor`, on which cases still run.
    ("recommendation", "meeting"): PartsOfTask(subject=RUNNING),
    ("recommendation", "evaluate_overall"): PartsOfTask(
        subject=EVALUATING, proposed=recommendation_tasks.ending
    ),
    ("recommendation", "decide_remaining"): PartsOfTask(subject=RUNNING),
    ("recommendation", "decide_withdrawal"): PartsOfTask(subject=RUNNING),
    ("recommendation", "decide_recipients"): PartsOfTask(subject=RUNNING),
    ("rakor", "prepare"): PartsOfTask(subject=RAKOR, proposed=sheet.preparing),
    ("rakor", "approve_invitation"): PartsOfTask(subject=RAKOR),
    ("rakor", "position"): PartsOfTask(subject=RAKOR, proposed=sheet.positions),
    ("rakor", "hold"): PartsOfTask(subject=RAKOR, proposed=_attended),
    ("rakor", "minutes"): PartsOfTask(subject=RAKOR, proposed=sheet.writing),
    ("rakor", "sign_minutes"): PartsOfTask(subject=RAKOR),
}
"""(process key, id of the task) -> the parts around its form."""
