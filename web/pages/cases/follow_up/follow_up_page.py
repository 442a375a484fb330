"""The page of a follow-up: its position and the reasons, on one page.

Owns what the page is made of. Facts and rights are `processes.cases.follow_up.follow_ups`, the way
in five steps `web.pages.cases.follow_up.stage_strip`, the story of what happened
`web.frame.timeline_sentences`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import render_template, url_for

from processes.acts.reading import Reading
from processes.cases import drawn_steps
from processes.cases.drawn_steps import DrawnStep
from processes.cases.follow_up import corrections, follow_up_models, follow_up_times, follow_ups
from processes.cases.follow_up.follow_up_models import Version
from processes.cases.follow_up.follow_ups import Detail
from processes.cases.follow_up.left_to_finish import may_be_withdrawn
from processes.meetings import agreements
from processes.programs import steering
from processes.register.report_requests import OWES_PROGRESS
from processes.register.states import ENDED
from processes.register.vocabulary import FOLLOW_UP_KINDS
from processes.rights.access import allows
from processes.storage.work.task_rows import OpenTask
from processes.work.inbox import relations_of
from web.frame import timeline_sentences
from web.gate.visitor import reading, scope
from web.pages.cases.follow_up import stage_strip
from web.words import institution_names, labels
from web.words.i18n import language, render
from web.words.task_labels import act_of


@dataclass(frozen=True, slots=True)
class Work:
    """An open task of the case, and the reader's acts on it."""

    task: OpenTask
    name: str
    act: str
    holder: str
    mine: bool
    may_remind: bool
    may_extend: bool
    may_reassign: bool


def drawn(follow_up_id: UUID) -> str:
    """The page of one case."""
    at = reading()
    readable = follow_ups.readable(at.connection, at.scope, follow_up_id)
    version = follow_up_models.version_of(at, readable[0])
    found = follow_ups.whole(at.connection, at.scope, readable, at.now, version.names)
    institution_names.look_up(found.tasks)
    strip = stage_strip.steps(found)
    current = {task.element_id for task in found.tasks}
    return render_template(
        "follow_ups/case.html",
        found=found,
        before=follow_up_times.before,
        case=found.case,
        cell=found.cell,
        recommendation=found.recommendation,
        strip=strip,
        step_now=stage_strip.current(strip),
        work=[_work(task, found) for task in found.tasks],
        acts=_acts(at, found, version),
        settled=agreements.of_follow_up(at, follow_up_id),
        reads_letters=allows(at.scope, "read_reminder_letter", found.relations),
        kinds=[(kind, render(labels.KINDS[kind])) for kind in FOLLOW_UP_KINDS],
        positions=_steps(drawn_steps.positions(version.program.model, found.events, current)),
        picture={
            "current": sorted(current),
            "done": drawn_steps.done(found.events, current),
        },
        story=timeline_sentences.drawn(
            found.timeline,
            found.people,
            partial(url_for, "follow_ups.show", follow_up_id=found.case.id, _anchor="timeline"),
        ),
    )


def by(found: Detail, username: str | None) -> str:
    """The name of a person in the case."""
    return found.people.get(username or "", username or "")


def _steps(found: Sequence[DrawnStep]) -> list[tuple[DrawnStep, str, str]]:
    """Steps with the names of step and lane in the reader's language."""
    spoken = language()
    return [(one, spoken.model_text(one.name), spoken.model_text(one.lane)) for one in found]


def _work(task: OpenTask, found: Detail) -> Work:
    asking, relations = scope(), relations_of(scope(), task)
    return Work(
        task=task,
        name=language().model_text(task.name),
        act=render(act_of(task.process_key, task.element_id).words),
        holder=by(found, task.assignee),
        mine=allows(asking, "complete_task", relations) and not task.repairing,
        may_remind=allows(asking, "remind_holder", relations),
        may_extend=allows(asking, "extend_deadline", relations),
        may_reassign=allows(asking, "reassign_task", relations),
    )


def _acts(at: Reading, found: Detail, version: Version) -> dict[str, str]:
    """The reader's acts on the case itself: act -> address."""
    acts = {
        "request_extension": "extension_requests.show",
        "replace_report": "report_replacements.show",
        "revise_plan": "plan_revisions.show",
        "withdraw_follow_up": "follow_up_withdrawals.show",
        "record_statement": "statements.show",
        "report_unasked": "requests.begin",
        "set_follow_up_kind": "follow_ups.set_kind",
    }
    if found.case.status not in OWES_PROGRESS:
        acts.pop("report_unasked")
    if found.case.status in ENDED or found.pending_extension:
        acts.pop("request_extension")
    for act, refusal in corrections.refusals(found, version).items():
        if refusal is not None:
            acts.pop(act)
    if not may_be_withdrawn(found.case, found.recommendation.status):
        acts.pop("withdraw_follow_up")
    addresses = {
        act: url_for(endpoint, follow_up_id=found.case.id)
        for act, endpoint in acts.items()
        if allows(at.scope, act, found.relations)
    }
    instance = found.case.instance_id
    if steering.offering(at, [instance], found.relations):
        addresses["choose_activity"] = url_for("instances.activities", instance_id=instance)
    return addresses
