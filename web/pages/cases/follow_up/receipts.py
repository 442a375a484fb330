"""The receipt of a report: proof of its content and time, on one sheet."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from processes.cases.follow_up import receipts
from processes.papers import signed_scans
from processes.rights.access import allows
from processes.storage.files.signed_scans import Signable
from processes.written_report import progress_receipts
from web.documents import reports
from web.documents.writer import of_reader
from web.gate.errors import redraw_on_error, refusal
from web.gate.visitor import reading
from web.pages.papers.signed_scans import file_sent
from web.words import people_names

page = Blueprint("receipts", __name__)


@page.get("/receipts/<number>")
def show(number: str) -> ResponseReturnValue:
    """One receipt, for a reader of its case or request."""
    return _drawn(number)


@page.post("/receipts/<number>/scan")
def file_scan(number: str) -> ResponseReturnValue:
    """File the scan of a signed receipt."""
    redraw_on_error(lambda error: _drawn(number, error))
    at = reading()
    found = receipts.receipt(at.connection, at.scope, number)
    file_sent(Signable.RECEIPT, found.handed.id)
    return redirect(url_for(".show", number=number))


def _drawn(number: str, error: TindakError | None = None) -> str:
    at = reading()
    found = progress_receipts.receipt(at.connection, at.scope, number)
    if found is not None:
        people_names.look_up([found.letter.by or ""])
        return render_template("receipts/progress.html", found=found)
    receipt = receipts.receipt(at.connection, at.scope, number)
    return render_template(
        "receipts/receipt.html",
        handed=receipt.handed,
        receiver=reports.receiver(of_reader(), receipt),
        fingerprint=receipt.fingerprint,
        scans=signed_scans.of_document(at.connection, receipt.handed.id) if receipt.report else [],
        may_file=allows(at.scope, "file_signed_scan", receipt.relations),
        report=receipt.report,
        successor=receipt.successor,
        case=receipt.case,
        recommendation=receipt.recommendation,
        institution=receipt.institution,
        evidence=receipt.evidence,
        refused=refusal(error),
    )
