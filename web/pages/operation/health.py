"""For machines that watch the product: alive, and ready to serve.

`/healthz` uses nothing else; `/readyz` names the missing part in a word.
"""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from processes.operation.readiness import missing
from web.gate.visitor import options
from web.reading import begun

page = Blueprint("health", __name__)


@page.get("/healthz")
def alive() -> ResponseReturnValue:
    """200 while the process answers."""
    return Response("ok\n", mimetype="text/plain")


@page.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 when database, schema, scheduler and (if wanted) example data are there; else 503."""
    under_way = begun()
    found = missing(under_way.connection, under_way.ask, options())
    words = "".join(f"{what}\n" for what in found) or "ready\n"
    return Response(words, 503 if found else 200, mimetype="text/plain")
