"""The address without a path: leads each user to the first page of their role."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect
from flask.typing import ResponseReturnValue

from web.frame import navigation
from web.gate.visitor import scope

page = Blueprint("home", __name__)


@page.get("/")
def first() -> ResponseReturnValue:
    """Go to the first link of the role."""
    return redirect(navigation.home(current_app, scope().standing))
