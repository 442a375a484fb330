"""What somebody has typed into the form of a task and has not sent yet.

Owns when a text that was saved over is kept, how it is fetched back, and that it goes along when
the task goes to somebody else. Must not know what the entries mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.cases import worklist
from engine.storage.cases.drafts import Draft as Draft
from engine.storage.cases.worklist import Task
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.files import uploads
from processes.rights.scope import cleared
from processes.storage.cases import case_heads
from processes.storage.people import users
from processes.work import judging
from processes.work.inbox import task_and_access

PAGE: Final = "_tab"
"""Under this name a draft says which drawing of the page has saved it."""
ORDER: Final = "_order"
"""And under this one when that page has sent it, by its own clock."""
REST: Final = timedelta(minutes=10)
"""Whoever types again after this long may change their mind about what they wrote before."""


@dataclass(frozen=True, slots=True)
class Page:
    """One drawing of the page of a task, which saves. `seen`: the version it began with; `order`:
    when it sent the save, in milliseconds of its clock, 0 where it has none."""

    name: str
    seen: int = 0
    order: int = 0


NO_PAGE: Final = Page("")


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it is stored now. `over`: what another page had saved meanwhile, which this page
    has not seen; it is kept in the past of the draft."""

    draft: Draft
    over: Draft | None = None


def own(at: Reading, task_id: UUID) -> Draft | None:
    """What the reader has typed so far."""
    return at.ask.draft(task_id, at.scope.username)


def past(at: Reading, task_id: UUID) -> Sequence[Draft]:
    """What the reader's draft held before something else was saved over it, newest first."""
    return at.ask.past_drafts(task_id, at.scope.username)


@act
def save(act: Acting, task_id: UUID, typed: Mapping[str, Any], at: Page = NO_PAGE) -> Saved:
    """Keep what was typed so far, for this person alone; the last one to save wins. Raises
    `Conflict` when the task has ended: nobody would read it again."""
    _may_type(act, task_id)
    before = act.ask.draft(task_id, act.by)
    if before is not None and (_entries(before) == dict(typed) or _is_older(at, before)):
        return Saved(before)
    elsewhere = before is not None and before.data.get(PAGE) != at.name
    rested = before is not None and act.now - before.saved_at > REST
    noted = {**typed, PAGE: at.name, ORDER: at.order}
    draft = act.engine.save_draft(task_id, act.by, noted, aside=elsewhere or rested)
    unseen = before is not None and elsewhere and before.version > at.seen
    return Saved(draft, before if unseen else None)


def _is_older(at: Page, before: Draft) -> bool:
    """Whether a later save of the same page has come in already, faster than this one."""
    sent = before.data.get(ORDER)
    return before.data.get(PAGE) == at.name and isinstance(sent, int) and 0 < at.order < sent


@act
def take_back(act: Acting, task_id: UUID, version: int) -> Draft:
    """Let an earlier text count again; the present one is kept as an earlier text. Raises
    `NotFound` where that version is not kept any more."""
    _may_type(act, task_id)
    kept = act.ask.past_drafts(task_id, act.by)
    wanted = next((one for one in kept if one.version == version), None)
    if wanted is None:
        raise NotFound(say("This earlier text is not kept any more."))
    return act.engine.save_draft(task_id, act.by, {**_entries(wanted), PAGE: ""}, aside=True)


def hand_on(act: Acting, task: Task, to: str) -> None:
    """Give what the holder of a task has typed, files included, to whoever has the task from now
    on, if cleared for it. The holder keeps it too. Part of an act that has asked its rights."""
    _copy(act, task, task.assignee or act.by, to)


def take_up(act: Acting, task: Task) -> None:
    """Go on with what was typed by whoever gave the task back, where one has typed nothing oneself.
    `task`: as it stood before it was taken. Part of an act that has asked its rights."""
    if task.passed_by is not None and act.ask.draft(task.id, act.by) is None:
        _copy(act, task, task.passed_by, act.by)


def _copy(act: Acting, task: Task, holder: str, to: str) -> None:
    draft = act.ask.draft(task.id, holder)
    if draft is not None and holder != to and _may_read(act, task, to):
        copied = uploads.copy(act, _entries(draft), holder, to)
        act.engine.save_draft(task.id, to, {**copied, PAGE: ""}, aside=True)


def _may_read(act: Acting, task: Task, username: str) -> bool:
    head = case_heads.of_instance(act.connection, task.process_key, task.instance_id)
    reader = users.by_username(act.connection, username)
    secrecy = judging.secrecy_of(act.connection, task, head)
    return reader is not None and cleared(reader, secrecy)


def keep_sent(act: Acting, task_id: UUID, answers: Mapping[str, Any]) -> None:
    """Let the draft say what the task was completed with, for its author to read again. Part of an
    act that has asked its rights."""
    draft = act.ask.draft(task_id, act.by)
    if draft is None or _entries(draft) != dict(answers):
        act.engine.save_draft(task_id, act.by, {**answers, PAGE: ""})


def _may_type(act: Acting, task_id: UUID) -> None:
    act.lock_by_task(task_id)
    task, relations = task_and_access(act.connection, act.scope, task_id)
    act.may("complete_task", relations)
    if task.status != "open":
        raise worklist.ended(act.connection, task_id)


def _entries(draft: Draft) -> dict[str, Any]:
    return {name: value for name, value in draft.data.items() if name not in (PAGE, ORDER)}
