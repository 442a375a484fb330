"""The bodies of the engine's API, typed. Unknown members are ignored, as in Camunda; members that
would change the result are named and refused.

Owns the content of a body and the answer to one that does not fit. Knows no rule behind it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import orjson
from flask import request
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from werkzeug.exceptions import UnsupportedMediaType

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from web.api.json_parsing import read_json

Body = TypeVar("Body", bound="CamundaBody")

# PostgreSQL stores no NUL in a text; the lengths are those of the engine's columns.
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Key = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00]*$")]


class CamundaBody(BaseModel):
    """A JSON object with Camunda's member names. A null member counts as not sent, because some
    clients send all members they know."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, sent: object) -> object:
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in sent.items() if value is not None}


class Variable(CamundaBody):
    """A value with its Camunda type; without a type the JSON value decides."""

    value: Any = None
    type: str | None = None


Variables = dict[str, Variable] | None
NoVariables = Annotated[dict[str, Any], Field(max_length=0)] | None


class User(CamundaBody):
    """The user who gets a task."""

    userId: Name | None = None


class Completion(CamundaBody):
    """The variables of a task's completion."""

    variables: Variables = None
    withVariablesInReturn: bool = False


class Told(CamundaBody):
    """The payload for a waiting execution."""

    variables: Variables = None


class Written(Variable):
    """A variable, written to the scope that has its name; Camunda's local variables do not exist
    here."""

    local: Literal[False] = False


class Instruction(CamundaBody):
    """An activity to start in an ad-hoc sub-process; other kinds of instruction are refused.
    `ancestorActivityInstanceId`: the execution that waits there for a choice."""

    type: Literal["startBeforeActivity"]
    activityId: Name
    variables: dict[str, Written] | None = None
    ancestorActivityInstanceId: str | None = None
    cancelCurrentActiveActivityInstances: Literal[False] = False


class Modification(CamundaBody):
    """One instruction, because a step carries out one command."""

    instructions: Annotated[list[Instruction], Field(min_length=1, max_length=1)]
    skipIoMappings: Literal[False] = False
    skipCustomListeners: bool = False


class StartOf(CamundaBody):
    """The variables and key of a new instance."""

    variables: Variables = None
    businessKey: Key | None = None
    withVariablesInReturn: bool = False
    startInstructions: Annotated[list[Any], Field(max_length=0)] | None = None
    caseInstanceId: None = None


class MessageBody(CamundaBody):
    """A message; it reaches one instance, so `all` must be false."""

    messageName: Name
    businessKey: Key | None = None
    processInstanceId: str | None = None
    correlationKeys: Variables = None
    localCorrelationKeys: Variables = None
    processVariables: Variables = None
    processVariablesLocal: Variables = None
    all: bool = False
    resultEnabled: bool = False


def body_as(kind: type[Body]) -> Body:
    """The body of this request; an empty one counts as `{}`. Raises BadInput naming the member."""
    if not request.get_data():
        return _checked(kind, {})
    if not request.is_json:
        raise UnsupportedMediaType("Send application/json.")
    try:
        # Stricter than the standard library: no NaN, no half characters, which cannot be stored.
        content = read_json(request.get_data())
    except orjson.JSONDecodeError as error:
        # The parser itself refuses more than 1,024 levels.
        deep = str(error).startswith("depth limit")
        words = "The body is nested too deeply." if deep else "The body is not JSON."
        raise BadInput(Sentence(words)) from None
    return _checked(kind, content)


def _checked(kind: type[Body], content: object) -> Body:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        fields = {
            ".".join(map(str, one["loc"])): Sentence("{what}.", {"what": one["msg"]})
            for one in error.errors(include_url=False, include_input=False)
        }
        raise BadInput(Sentence("The body does not fit."), fields) from None
