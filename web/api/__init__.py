"""The two APIs for programs: the engine's (`/engine-rest`) and the domain's (`/api/v1`).

Owns adding them to the application. Both ask for Basic or Bearer credentials and ignore cookies.
Neither contains a rule: rights are decided where the pages have them decided.
"""

from __future__ import annotations

from flask import Flask

from web.api import engine_rest, v1


def register(app: Flask) -> None:
    """Add both APIs; `caller` checks credentials before them."""
    engine_rest.register(app)
    v1.register(app)
