"""`/api/v1/institutions`: the registry, closed institutions too."""

from __future__ import annotations

from typing import Any

from processes.people import institutions
from web.api.caller import reading
from web.api.v1 import shapes
from web.api.v1.common import merged
from web.api.v1.openapi import as_json, noun

api = noun("institutions", "/institutions", "Who follows recommendations up.")


@api.get("", responses={200: shapes.Institutions})
def listed() -> dict[str, Any]:
    """Every institution, by short name."""
    at = reading()
    found = institutions.registry(at.connection, at.scope)
    items = [merged(shapes.Institution, one) for one in found]
    return as_json(shapes.Institutions(items=items))
