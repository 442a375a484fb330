"""The two APIs for programs: the engine's (`/engine-rest`) and the domain's (`/api/v1`).

Owns adding them to the application. Both ask for Basic or Bearer credentials and ignore cookies.
Neither contains a rule: rights are decided where the pages have them decided.
"""

from __future__ import annotations

from flask import Flask

from web.api import engine_rest, v1
from web.api.json_parsing import StrictJson


def register(app: Flask) -> None:
    """Add both APIs; `caller` checks credentials before them."""
    app.json = StrictJson(app)
    engine_rest.register(app)
    v1.register(app)
