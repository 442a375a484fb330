"""The OpenAPI 3.1 document of `/api/v1`; the only module that knows flask-openapi.

That library reads the types of views into the document and checks requests against them. Its own
answer to a wrong request is replaced: every refusal is `application/problem+json` (RFC 9457), as in
the rest of the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, NoReturn, TypeVar

from flask import Flask, Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from flask_openapi.types import ResponseDict
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import HTTPException

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from web.api.refusals import WORDS, with_headers
from web.gate.errors import problem_json
from web.gate.failures import GENERAL, Failure

Shape = TypeVar("Shape", bound=BaseModel)


class Problem(BaseModel):
    """What went wrong (RFC 9457). `errors`: name of a parameter -> what is wrong with it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: dict[str, str] | None = None


class Query(BaseModel):
    """Parameters of a list; one that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Body(BaseModel):
    """What is sent with a call that acts; a member that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


REFUSALS = {
    400: "The address cannot be read.",
    401: "No credentials, or wrong ones.",
    403: "The caller's role does not include this.",
    404: "There is no such thing, or the caller may not see it.",
    422: "A parameter does not fit; `errors` names it.",
}
CONFLICT = "It cannot be done as things stand; `detail` says why."
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def noun(name: str, path: str, about: str) -> APIBlueprint:
    """The blueprint of one noun of the domain."""
    refusals: ResponseDict = {
        status: {"description": text, "content": PROBLEM} for status, text in REFUSALS.items()
    }
    return APIBlueprint(
        name,
        name,
        url_prefix=path,
        abp_tags=[Tag(name=name, description=about)],
        abp_responses=refusals,
    )


def acting(answer: type[BaseModel]) -> ResponseDict:
    """The answers of a call that acts, besides the refusals of its noun."""
    return {200: answer, 409: {"description": CONFLICT, "content": PROBLEM}}


def as_json(shape: Shape) -> dict[str, Any]:
    """An answer: dates and ids as text."""
    return shape.model_dump(mode="json")


def document_of(apis: Sequence[APIBlueprint], prefix: str) -> dict[str, Any]:
    """The document, built once: plain JSON values."""
    paths = {prefix + path: _path(item) for api in apis for path, item in api.paths.items()}
    schemas = {
        name: _plain(schema) for api in apis for name, schema in api.components_schemas.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tindak",
            "version": version("tindak"),
            "description": "Policy recommendations and how each institution follows them up.",
        },
        "tags": [_plain(tag) for api in apis for tag in api.tags],
        "security": [{"basic": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas | {"Problem": Problem.model_json_schema()},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _plain(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)


def _path(item: BaseModel) -> dict[str, Any]:
    """One path. The library notes for a question that it has no body, which the form of the
    document does not allow."""
    return {
        method: {name: part for name, part in operation.items() if part is not None}
        for method, operation in _plain(item).items()
    }


def accept_refusals(app: Flask) -> None:
    """The library looks on the application for the function to call when a request does not fit,
    and whether it shall check answers, which are made of the same shapes."""
    app.validation_error_callback = _refuse  # type: ignore[attr-defined]  # its only hook
    app.validate_response = False  # type: ignore[attr-defined]


def _refuse(error: ValidationError) -> NoReturn:
    found = error.errors(include_url=False, include_input=False)
    fields = {".".join(map(str, one["loc"])): _said(one["msg"]) for one in found}
    raise BadInput(Sentence("Some parameters do not fit."), fields)


def _said(what: str) -> Sentence:
    return Sentence("{what}.", {"what": what})


def problem(failure: Failure, error: BaseException) -> Response:
    """The failure as problem details, with the headers of its status."""
    words = WORDS.get(failure.status)
    if words is None and isinstance(error, HTTPException) and failure.status not in GENERAL:
        words = Sentence(error.name), Sentence(error.description or error.name)
    told = failure if words is None else replace(failure, title=words[0], advice=words[1])
    return with_headers(problem_json(told, error), error)
