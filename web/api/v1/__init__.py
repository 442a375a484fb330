"""`/api/v1`: the domain - recommendations, follow-ups, requests, escalations,
institutions.

Owns the list of nouns and the address of the OpenAPI document. Every question is the one a page
asks, with the same rights, and what an institution corrects is the act of its page; other acts on
cases go through tasks, see `/engine-rest/task`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, Flask

from web.api.v1 import escalations, follow_ups, institutions, recommendations, requests
from web.api.v1.openapi import accept_refusals, document_of, problem
from web.gate import errors

PREFIX = "/api/v1"
NOUNS = (recommendations, follow_ups, requests, escalations, institutions)


@cache
def _document() -> dict[str, Any]:
    """Built when somebody asks first: few do, and every start would wait for it."""
    return document_of([noun.api for noun in NOUNS], PREFIX)


def register(app: Flask) -> None:
    """Add every noun, the document and the shape of errors."""
    root = Blueprint("v1", __name__, url_prefix=PREFIX)
    for noun in NOUNS:
        root.register_blueprint(noun.api)

    @root.get("/openapi.json")
    def openapi() -> dict[str, Any]:
        """What this API offers; for everybody."""
        return _document()

    app.register_blueprint(root)
    accept_refusals(app)
    errors.shape_errors(app, "/api/", problem)
