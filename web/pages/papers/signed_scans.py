"""Scans of signed letters and receipts: filed back, and read by whoever reads the document."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.cases.follow_up import receipts
from processes.papers import signed_scans
from processes.storage.files.signed_scans import Signable
from web.gate.visitor import origin, reading, scope, service
from web.pages.files.sending import attachment
from web.pages.files.uploaded import keep
from web.words.i18n import render

page = Blueprint("signed_scans", __name__)


@page.post("/reminder-letters/<uuid:letter_id>/scan")
def letter(letter_id: UUID) -> ResponseReturnValue:
    """File the scan of a letter that was signed and sent."""
    _file(Signable.REMINDER_LETTER, letter_id)
    return redirect(url_for("reminder_letters.show", letter_id=letter_id))


@page.post("/receipts/<number>/scan")
def receipt(number: str) -> ResponseReturnValue:
    """File the scan of a signed receipt."""
    at = reading()
    found = receipts.receipt(at.connection, at.scope, number)
    _file(Signable.RECEIPT, found.handed.id)
    return redirect(url_for("receipts.show", number=number))


def _file(document: Signable, about: UUID) -> None:
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
