"""`GET /engine-rest/version`: which REST API this is; modelers ask it first."""

from __future__ import annotations

from flask import Blueprint

api = Blueprint("version", __name__, url_prefix="/version")

SHAPES = "7.24.0"
"""The Camunda 7 release whose shapes are spoken, not a version of this product."""


@api.get("")
def get() -> dict[str, str]:
    """The version."""
    return {"version": SHAPES}
