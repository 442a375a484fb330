"""Errors of the engine's API in Camunda 7's form: `{"type", "message", "code"}`.

Owns the table from error family to Camunda's name. Camunda's names are its contract; our names and
Python's never appear. The texts of 403 and 404 are the same whether or not a thing exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from engine.sentences.errors import BadInput, Conflict, Forbidden, ModelError, NotFound, Unavailable
from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence
from processes.programs.engine_acts import Uncorrelated
from web.api.refusals import WORDS, with_headers
from web.gate.failures import Failure, SignInNeeded
from web.words.i18n import language, render

TYPES: Mapping[type[BaseException], tuple[int | None, str, int | None]] = MappingProxyType(
    {
        Uncorrelated: (400, "MismatchingMessageCorrelationException", None),
        BadInput: (400, "InvalidRequestException", None),
        NotFound: (404, "InvalidRequestException", None),
        Forbidden: (403, "AuthorizationException", None),
        Conflict: (409, "OptimisticLockingException", 1),
        ModelError: (400, "ProcessEngineException", 0),
        Unavailable: (503, "ProcessEngineException", 0),
        SignInNeeded: (401, "AuthenticationException", None),
        HTTPException: (None, "RestException", None),
        BaseException: (500, "ProcessEngineException", 0),
    }
)
"""Family -> HTTP status (None: the error's own), Camunda's type and code."""

EXTERNAL_TASKS = "engine_rest.external_task"
OF_EXTERNAL_TASKS: Mapping[type[BaseException], tuple[int | None, str, int | None]] = (
    MappingProxyType(
        {**TYPES, NotFound: (404, "RestException", None), Conflict: (400, "RestException", None)}
    )
)
"""For external tasks, a missing task and one that another worker holds have other names."""

UNPARSED = "ENGINE-09005 Could not parse BPMN process."
AT_START = "start"
"""Code of a problem found when an instance starts: the files themselves were readable."""


def camunda_json(failure: Failure, error: BaseException) -> Response:
    """The failure in Camunda's shape."""
    types = OF_EXTERNAL_TASKS if request.blueprint == EXTERNAL_TASKS else TYPES
    status, name, code = next(types[one] for one in type(error).__mro__ if one in types)
    body: dict[str, object] = {"type": name, "message": _message(failure, error), "code": code}
    if isinstance(error, ModelError) and not all(p.code == AT_START for p in error.problems):
        body |= {
            "type": "ParseException",
            "message": _unparsed(error.problems),
            "details": details_of(error.problems),
        }
    response = Response(json.dumps(body), status or failure.status, mimetype="application/json")
    return with_headers(response, error)


def _message(failure: Failure, error: BaseException) -> str:
    if isinstance(error, ModelError):
        return " ".join(_of(problem) for problem in error.problems)
    if failure.status in WORDS:
        return " ".join(map(str, WORDS[failure.status]))
    if isinstance(error, HTTPException):
        return error.description or error.name
    fields = [f"{name}: {render(what)}" for name, what in failure.fields.items()]
    number = [f"({failure.log_id})"] if failure.status == 500 else []
    return " ".join([render(failure.title), *fields, *number])


def _of(problem: Problem) -> str:
    return f"{_said(problem.what)} {_said(problem.advice)}"


def _said(sentence: Sentence) -> str:
    return language().render(sentence)


def _unparsed(problems: Iterable[Problem]) -> str:
    lines = [
        f"* {_of(one)} | resource {one.file} | line {one.line} | element {one.element_id}"
        for one in problems
        if one.severity == "error"
    ]
    return "\n".join([f"{UNPARSED} Errors:", *lines])


def details_of(problems: Iterable[Problem]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Findings by file, in Camunda's form: for a refusal, and here for a success too."""
    found: dict[str, dict[str, list[dict[str, object]]]] = {}
    for one in problems:
        report = found.setdefault(one.file, {"errors": [], "warnings": []})
        report["errors" if one.severity == "error" else "warnings"].append(_detail(one))
    return found


def _detail(problem: Problem) -> dict[str, object]:
    """`column` is 0, because findings have only a line."""
    return {
        "message": _of(problem),
        "line": problem.line,
        "column": 0,
        "mainElementId": problem.element_id or None,
        "elementIds": [problem.element_id] if problem.element_id else [],
    }
