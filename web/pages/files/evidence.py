"""Files of a case: for readers of the case; each reading is recorded."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from processes.files import evidence
from web.gate.visitor import origin, scope, service
from web.pages.files.sending import attachment

page = Blueprint("evidence", __name__)


@page.get("/evidence/<uuid:evidence_id>")
def download(evidence_id: UUID) -> ResponseReturnValue:
    """One file, as an attachment."""
    found = evidence.read(service(), scope(), evidence_id, address=origin().address)
    return attachment(found.sha256, found.name, found.type)
