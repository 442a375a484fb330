"""`/api/v1/requests`: requests for reports on progress, and who has answered."""

from __future__ import annotations

from typing import Any

from processes.written_report import requests
from processes.written_report.requests import PartRow, RequestPage, RequestRow
from web.api.caller import reading
from web.api.v1 import shapes
from web.api.v1.common import Id, PageQuery, merged, work_of
from web.api.v1.openapi import as_json, noun

api = noun("requests", "/requests", "Requests for reports on progress, and who has answered.")


@api.get("", responses={200: shapes.RequestPage})
def listed(query: PageQuery) -> dict[str, Any]:
    """Requests, newest first, each with how many institutions have answered."""
    at = reading()
    page = requests.page(at.connection, at.scope, at.now, after=query.after, limit=query.limit)
    items = [merged(shapes.RequestListed, row, row.request, **_counted(row)) for row in page.items]
    next_one = page.last.id if page.last else None
    return as_json(shapes.RequestPage(items=items, next=next_one))


@api.get("/<uuid:id>", responses={200: shapes.Request})
def get(path: Id, query: PageQuery) -> dict[str, Any]:
    """One request with its institutions; an institution sees its own part only."""
    at = reading()
    found = requests.detail(
        at.connection, at.scope, path.id, at.now, after=query.after, limit=query.limit
    )
    return as_json(_full(found))


def _full(found: RequestPage) -> shapes.Request:
    next_one = found.parts.last.id if found.parts.last else None
    return merged(
        shapes.Request,
        found.row,
        found.row.request,
        **_counted(found.row),
        institutions=[_part(one) for one in found.parts.items],
        next=next_one,
    )


def _counted(row: RequestRow) -> dict[str, object]:
    return {"states": dict(row.counts), **shapes.standing_in_time(row.timing)}


def _part(row: PartRow) -> shapes.RequestPart:
    return merged(
        shapes.RequestPart,
        row.part,
        row,
        short_name=row.institution_name,
        about=[shapes.AskedAbout.model_validate(one) for one in row.cases],
        letter=shapes.RequestLetter.model_validate(row.letter) if row.letter else None,
        work=work_of(row.task),
        **shapes.standing_in_time(row.timing),
    )
