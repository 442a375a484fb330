"""The part of an act on many that a list is narrowed to, in the address of its page."""

from __future__ import annotations

from flask import request

from processes.register.states import Fate


def asked() -> Fate | None:
    """What became of the parts that are asked for; a word nobody offers narrows nothing."""
    word = request.args.get("fate", "")
    return next((fate for fate in Fate if fate.value == word), None)
