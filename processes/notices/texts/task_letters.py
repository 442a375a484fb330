"""What a letter says of tasks that become somebody's, go to somebody else, or move.

Pure, as `processes.notices.texts.letters`. One step or act writes one letter to each person: what a
notice says and what its tasks mean for the reader stand in it together. A reason is free text, so a
mail carries it only about a case of the ordinary classification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.sentences.sentence import ModelText, Sentence, say
from processes.notices.texts.letters import Letter, Stationery, Subject
from processes.register.vocabulary import TaskNews


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task and its news. `about` leads to the task; `was`: the former deadline; `by`, `to`:
    names of who gave it and who has it now, empty where nobody in particular."""

    news: TaskNews
    about: Subject
    task_name: str
    due: date | None
    was: date | None = None
    by: str = ""
    to: str = ""
    reason: str = ""


_SUBJECTS: Final[Mapping[TaskNews, Sentence]] = {
    "opened": say("New task, {task}: {about}"),
    "handed": say("Passed on to you, {task}: {about}"),
    "given_back": say("Given back, {task}: {about}"),
    "taken": say("With somebody else now, {task}: {about}"),
    "moved": say("New deadline, {task}: {about}"),
}
_ACTS: Final[Mapping[TaskNews, Sentence]] = {
    "opened": say("{task} waits for you."),
    "handed": say("{by} passed {task} on to you."),
    "given_back": say("{by} gave {task} back. Whoever of you is free may take it."),
    "moved": say("The deadline of {task} was moved."),
}


def with_tasks(letter: Letter | None, lines: Sequence[TaskLine], paper: Stationery) -> Letter:
    """The letter of a notice with the news of the reader's tasks, or the letter of these alone. The
    last paragraph of a notice leads to its case; with tasks the letter leads to them instead."""
    told = tuple(part for line in lines for part in _paragraphs(line, paper))
    if letter is None:
        return Letter(_subject(lines[0]), told)
    return replace(letter, paragraphs=(*letter.paragraphs[:-1], *told)) if lines else letter


def _subject(line: TaskLine) -> Sentence:
    facts = {"task": ModelText(line.task_name), "about": line.about.name}
    return replace(_SUBJECTS[line.news], facts=facts)


def _paragraphs(line: TaskLine, paper: Stationery) -> list[Sentence]:
    reason = [say("Reason: {reason}", reason=line.reason)] if _carries_reason(line) else []
    return [_act(line), *reason, _deadline(line), paper.link(line.about.path)]


def _carries_reason(line: TaskLine) -> bool:
    return bool(line.reason) and line.about.classification == "ordinary"


def _act(line: TaskLine) -> Sentence:
    facts = {"task": ModelText(line.task_name), "by": line.by, "to": line.to}
    if line.news != "taken":
        return replace(_ACTS[line.news], facts=facts)
    if line.to:
        return say("{by} gave {task}, which you had, to {to}.", **facts)
    return say("{by} gave {task}, which you had, back to everybody it was offered to.", **facts)


def _deadline(line: TaskLine) -> Sentence:
    if line.due is None:
        return say("It has no deadline.")
    if line.was is None:
        return say("Deadline: {due}.", due=line.due)
    return say("Deadline: {due}; before: {was}.", due=line.due, was=line.was)


def in_digest(line: TaskLine, paper: Stationery) -> Sentence:
    """One entry of a digest."""
    return say(
        "{about}\n{act} {deadline}\n{link}",
        about=line.about.name,
        act=_act(line),
        deadline=_deadline(line),
        link=paper.link(line.about.path),
    )
