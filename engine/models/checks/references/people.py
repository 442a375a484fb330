"""Human tasks: performers, deadline, form. A missing one is a warning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import filterfalse

from engine.language.expressions import Expression
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.models.forms.embedded import TYPES
from engine.ports.performers import Performers
from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence, say

HUMAN = frozenset({"userTask", "manualTask"})


def check_assignment(subject: Subject) -> Iterator[Problem]:
    """Each human task has a performer."""
    for task in subject.of_kind(*HUMAN):
        if task.assignee is None and not task.candidate_users and not task.candidate_groups:
            yield subject.warning(
                task,
                "no-assignee",
                say("Nobody is named who may do this task."),
                _whom_to_name(subject, task),
            )


def _whom_to_name(subject: Subject, task: Element) -> Sentence:
    """A lane assigns nobody (BPMN 2.0.2, 10.8), but its author often expects that it does."""
    lane = subject.process.lanes.get(task.lane or "")
    if lane is None:
        return say("Write camunda:candidateGroups or camunda:assignee.")
    return say(
        "Is it done by the group of its lane? Then write {lane} as camunda:candidateGroups.",
        lane=lane,
    )


def check_groups(subject: Subject) -> Iterator[Problem]:
    """The groups that a human task names exist."""
    performers = subject.known.performers
    if performers is None:
        return
    for task in subject.of_kind(*HUMAN):
        for group in filterfalse(performers.has_group, _named(*task.candidate_groups)):
            yield subject.warning(
                task,
                "unknown-group",
                say("There is no group {group}: nobody would see the task.", group=group),
                say("Correct the name. Groups are: {groups}.", groups=_listed(performers)),
            )


def check_users(subject: Subject) -> Iterator[Problem]:
    """The people whom a human task names have accounts."""
    performers = subject.known.performers
    if performers is None:
        return
    for task in subject.of_kind(*HUMAN):
        assignee = () if task.assignee is None else (task.assignee,)
        for name in filterfalse(performers.has_user, _named(*assignee, *task.candidate_users)):
            yield subject.warning(
                task,
                "unknown-user",
                say("There is no account {name}.", name=name),
                say("Correct the name, or name a group: accounts come and go, groups stay."),
            )


def _named(*expressions: Expression) -> list[str]:
    """The names that stand in the model itself, each once."""
    return list(dict.fromkeys(one.source for one in expressions if one.is_constant))


def _listed(performers: Performers) -> str:
    """The groups for a reader: of many that begin alike, only how they begin."""
    begun = {name.partition(":")[0] + ":…" for name in performers.groups if ":" in name}
    begun |= {f"{family}…" for family in performers.families}
    return ", ".join([*sorted(n for n in performers.groups if ":" not in n), *sorted(begun)])


def check_deadlines(subject: Subject) -> Iterator[Problem]:
    """Each human task has a deadline."""
    for task in subject.of_kind(*HUMAN):
        if task.due_date is None:
            yield subject.warning(
                task,
                "no-deadline",
                say("The task has no deadline, so that it is never late."),
                say("Write camunda:dueDate, for example ${{working_days(5, task.created)}}."),
            )


def check_forms(subject: Subject) -> Iterator[Problem]:
    """Each user task has a form, and it is in the deployment."""
    for task in subject.of_kind("userTask"):
        if task.form_ref is None and not task.form_fields:
            yield subject.warning(
                task,
                "no-form",
                say("The task has no form: any answers are taken as they come."),
                say("Write camunda:formRef with the id of a form."),
            )
        elif task.form_ref is not None and task.form_ref not in subject.bundle.forms:
            yield subject.warning(
                task,
                "form-missing",
                say("There is no form {form} in the deployment.", form=task.form_ref),
                say("Deploy its .form file together with the model, or correct the name."),
            )


def check_embedded_fields(subject: Subject) -> Iterator[Problem]:
    """Embedded fields are of types that can be checked, with something to choose from."""
    for task in subject.elements:
        for field in task.form_fields:
            if field.type not in TYPES or (field.type == "enum" and not field.values):
                yield subject.error(
                    task,
                    "form-field",
                    say(
                        "The form field {field} has no type that can be asked for.", field=field.id
                    ),
                    say("Write string, long, boolean, date, or enum with at least one value."),
                )


def check_diagram(subject: Subject) -> Iterator[Problem]:
    """The model is drawn."""
    if not subject.process.has_diagram:
        yield subject.warning(
            None,
            "no-diagram",
            say("The file holds no diagram; the process is shown as a list."),
            say("Draw it in the editor and save it with its diagram."),
        )
