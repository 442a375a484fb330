"""`GET /engine-rest/version`: the REST API's version, which modelers ask first."""

from __future__ import annotations

from flask import Blueprint

api = Blueprint("version", __name__, url_prefix="/version")

SHAPES = "7.24.0"
"""The Camunda 7 release whose shapes are used, not a version of this product."""


@api.get("")
def get() -> dict[str, str]:
    """The version."""
    return {"version": SHAPES}
