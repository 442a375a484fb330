"""Proposing to change the institutions of an issued recommendation; a supervisor decides.

Owns the act and the form of its message. `processes.recommendation.recipients` has the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import Program
from engine.face.questions import Questions
from engine.later.repairs import Received
from engine.models.forms import Form, Options
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from processes.acts.acting import Acting, kept
from processes.acts.reading import Reading
from processes.cases.follow_up.follow_up_models import message_form
from processes.cases.recommendation.recommendations import lock, readable
from processes.lifecycle.options import options_of
from processes.recommendation.recipients import refused
from processes.register.states import RECOMMENDATION_ENDED
from processes.rights.access import Scope
from processes.storage.cases.recommendation_detail import RecipientsChange
from processes.storage.cases.recommendation_rows import Recommendation

MESSAGE: Final = "recipients_changed"
"""Name of the message that proposes a change."""


@kept(Received)
def propose(act: Acting, id: UUID, change: Mapping[str, Any]) -> Received:
    """Propose a change: a message that the model records. `change`: answers of the message's form.
    Raises `Conflict` while another one waits, before the issue and after the end, `BadInput` with
    the fields."""
    lock(act, id)
    _form_of(act.connection, act.ask, act.scope, id)
    act.engine.deliver(MESSAGE, str(id), change, wait=False, by=act.by)
    return Received()


def form(at: Reading, id: UUID) -> tuple[Recommendation, Form, Options]:
    """The case, the form of the message and its choices, for a reader who may send it now. Raises
    the errors of `propose`."""
    case, found = _form_of(at.connection, at.ask, at.scope, id)
    return case, found, options_of(at.connection, str(id), found.option_names())


def takes_change(program: Program, case: Recommendation, pending: RecipientsChange | None) -> bool:
    """Whether a change can be proposed now, for the button on the page of a case that its reader
    has found. `program`: the drawing of its version."""
    if case.issued_at is None or case.status in RECOMMENDATION_ENDED or pending is not None:
        return False
    return message_form(program, MESSAGE) is not None


def _form_in(ask: Questions, case: Recommendation) -> Form | None:
    return message_form(ask.program(ask.instance(case.instance_id).definition_id), MESSAGE)


def _form_of(
    connection: Connection, ask: Questions, scope: Scope, id: UUID
) -> tuple[Recommendation, Form]:
    case, _ = readable(connection, scope, id, "propose_recipients")
    if why := refused(connection, case):
        raise Conflict(why)
    found = _form_in(ask, case)
    if found is None:
        raise Conflict(
            say(
                "This recommendation runs by an earlier version of the process, which changes no"
                " institutions after the issue."
            )
        )
    return case, found
