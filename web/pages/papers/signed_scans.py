"""Scans of signed letters and receipts: filed back, and read by whoever reads the document."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.papers import signed_scans
from processes.storage.files.signed_scans import Signable
from web.gate.visitor import origin, scope, service
from web.pages.files.sending import attachment
from web.pages.files.uploaded import keep
from web.words.i18n import render

page = Blueprint("signed_scans", __name__)


def file_sent(document: Signable, about: UUID) -> None:
    """File the scan that a form of this request brings. Raises `BadInput`."""
    sent = request.files.get("scan")
    if sent is None or not sent.filename:
        missing = say("Choose a file.")
        raise BadInput(missing, {"scan": missing})
    upload = keep(sent.stream, sent.filename, None)
    signed_scans.file_scan(service(), scope(), document, about, upload.id)
    flash(render(say("The scan is filed.")), "done")


@page.get("/signed-scans/<uuid:scan_id>")
def download(scan_id: UUID) -> ResponseReturnValue:
    """One scan, as an attachment."""
    found = signed_scans.read(service(), scope(), scan_id, address=origin().address)
    return attachment(found.sha256, found.name, found.type)
