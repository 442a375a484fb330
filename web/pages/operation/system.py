"""The health of the product: the findings of `tindak doctor`, as a page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes.operation import doctor
from web.gate.visitor import options, reading

page = Blueprint("system", __name__)


@page.get("/system")
def show() -> ResponseReturnValue:
    """Every finding, read again for each request."""
    at = reading()
    findings = doctor.examine(at, options())
    wrong = sum(not finding.well for finding in findings)
    return render_template("system/system.html", findings=findings, wrong=wrong, at=at.real_now)
