"""`/api/v1/recommendations`: the list, newest first, and one in full."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from processes.cases.recommendation import recommendation_case, recommendations
from processes.cases.recommendation.recommendation_case import Detail
from processes.cases.recommendation.recommendations import RecommendationRow
from processes.register.states import RecommendationState
from processes.storage.cases.lists.recommendation_lists import Wanted
from web.api.caller import reading
from web.api.v1 import shapes
from web.api.v1.common import Id, PageQuery, merged
from web.api.v1.openapi import as_json, noun

api = noun("recommendations", "/recommendations", "Recommendations and where they stand.")


class RecommendationQuery(PageQuery):
    """Which recommendations."""

    status: RecommendationState | None = Field(None, description="What it waits for.")


@api.get("", responses={200: shapes.RecommendationPage})
def listed(query: RecommendationQuery) -> dict[str, Any]:
    """Recommendations, newest first, each with the status of its institutions."""
    at = reading()
    page = recommendations.page(
        at.connection,
        at.scope,
        at.now,
        Wanted(status=query.status),
        after=query.after,
        limit=query.limit,
    )
    items = [_listed(row) for row in page.items]
    next_one = page.last.id if page.last else None
    return as_json(shapes.RecommendationPage(items=items, next=next_one))


@api.get("/<uuid:id>", responses={200: shapes.Recommendation})
def get(path: Id) -> dict[str, Any]:
    """One recommendation; an institution sees its own position only."""
    at = reading()
    return as_json(_full(recommendation_case.detail(at.connection, at.scope, path.id, at.now)))


def _listed(row: RecommendationRow) -> shapes.RecommendationListed:
    return merged(shapes.RecommendationListed, row.listed, row, **_counted(row))


def _full(found: Detail) -> shapes.Recommendation:
    return merged(
        shapes.Recommendation,
        found.case,
        found.row,
        addressed_to=dict(found.institutions),
        recipients_changes=[
            merged(shapes.RecipientsChange, one) for one in found.recipients_changes
        ],
        successors=[one.id for one in found.successors],
        **_counted(found.row),
    )


def _counted(row: RecommendationRow) -> dict[str, object]:
    latest = row.latest.cell.institution if row.latest else None
    told = shapes.standing_in_time(row.timing)
    return {**told, "latest_institution": latest, "institutions": list(row.cells)}
