"""The model version of a follow-up: its drawing, its names, the form of a request.

Owns finding them for a reader. `processes.cases.follow_up.follow_ups` reads the events of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.execution.border import Program
from engine.models.bundle import MESSAGE_FORM
from engine.models.forms import Field, Form
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from processes.acts.acting import Acting
from processes.acts.reading import Reading
from processes.cases.follow_up.follow_ups import readable
from processes.storage.cases.follow_up_rows import FollowUp

EXTENSION = "extension_requested"
"""Name of the message that asks for a later deadline."""
REPLACED = "report_replaced"
"""Name of the message that takes a report back."""
PLAN = "plan"
"""The task in which the action plan is written."""
REASON = Field(
    type="textarea",
    id="field_revision_reason",
    key="reason",
    label="Alasan",
    required=True,
    max_length=2_000,
)
"""Why a plan is revised, in the language of the shipped models."""


@dataclass(frozen=True, slots=True)
class Version:
    """The version to which a case is pinned."""

    definition_id: UUID
    program: Program

    @property
    def names(self) -> dict[str, str]:
        """Element id -> its name on the drawing."""
        return {id: element.name for id, element in self.program.elements.items()}


def version_of(at: Reading | Acting, case: FollowUp) -> Version:
    """The version of a follow-up that its reader has found."""
    definition_id = at.ask.instance(case.instance_id).definition_id
    return Version(definition_id, at.ask.program(definition_id))


def drawing(at: Reading, id: UUID) -> bytes:
    """The BPMN file of that version. Raises `NotFound`."""
    case, _, _ = readable(at.connection, at.scope, id)
    version = version_of(at, case)
    return at.ask.files(version.definition_id)[version.program.model.file]


def takes(program: Program, message: str) -> bool:
    """Whether this version of a model waits for this message anywhere."""
    events = (element.event for element in program.elements.values())
    return any(one.message.name == message for one in events if one and one.message)


def takes_reports_back(at: Reading, definition_id: UUID) -> bool:
    """Whether a report can be taken back in this version of a model."""
    return takes(at.ask.program(definition_id), REPLACED)


def plan_form(program: Program) -> Form:
    """The form of a revised plan: that of the task in this version of a model, and the reason.
    Raises `Conflict` if that version asks for no plan."""
    element = program.elements.get(PLAN)
    form = program.form_of(element) if element is not None else None
    if form is None:
        raise Conflict(say("This case asks for no action plan."))
    return Form(form.id, form.title, (*form.fields, REASON))


def extension_form(at: Reading, case: FollowUp) -> Form:
    """The form of a request for a later deadline, for a reader who may send one. Raises `Conflict`
    if the version of this case takes no such request."""
    form = message_form(version_of(at, case).program, EXTENSION)
    if form is None:
        raise Conflict(say("This case takes no request for a later deadline."))
    return form


def message_form(program: Program, name: str) -> Form | None:
    """The form of the message of this name; None if the version takes no such message."""
    for element in program.elements.values():
        message = element.event.message if element.event else None
        form = program.forms.get(element.properties.get(MESSAGE_FORM, ""))
        if message is not None and message.name == name and form is not None:
            return form
    return None
