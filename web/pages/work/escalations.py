"""The board of what is late: by level, the longest late first, with filters and acts on many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processes.acts.reading import Reading
from processes.cases.recommendation import recommendations
from processes.people import institutions
from processes.rights.access import allows
from processes.storage.work.narrowing import ALL, Narrowing
from processes.work import decisions, escalations, late_acts
from web.frame import lists, paging
from web.frame.lists import ListOf, searched
from web.frame.parsing import optional_id
from web.gate.visitor import reading
from web.pages.work import escalation_board
from web.words import institution_names
from web.words.i18n import gettext, language

page = Blueprint("escalations", __name__)

LIST = ListOf(
    "escalations",
    "escalations.show",
    ("q", "level", "institution", "coordinator", "recommendation"),
)


@page.get("/escalations")
def show() -> ResponseReturnValue:
    """What waits for the reader's decision, then what stands escalated, grouped by level, highest
    first, or what the filters leave of it."""
    at, level, wanted = reading(), level_asked(), narrowing()
    lowest = escalations.LATE if level is None else level
    found = escalations.page(
        at.connection, at.scope, at.now, from_level=lowest, to_level=level, narrowing=wanted,
        **paging.place(),
    )  # fmt: skip
    counts = escalations.counts(at.connection, at.scope, wanted) if found.items else {}
    choices = _choices(at)
    institution_names.look_up(row.escalation.task for row in found.items if not row.holder)
    whole = wanted == ALL and level is None
    first_page = whole and not request.args.get("after") and not request.args.get("before")
    return render_template(
        "escalations/board.html",
        groups=escalation_board.groups(found.items, counts, at.now, LIST.address),
        narrowing=wanted,
        level=level,
        chips=_chips(wanted, level, choices),
        listing=lists.shown(LIST),
        many=_many(at),
        pages=paging.of(found),
        nearest=_nearest(at) if whole and not found.items else None,
        decisions=decisions.waiting(at.connection, at.scope, at.now) if first_page else None,
        **choices,
    )


def narrowing() -> Narrowing:
    """The filters in the address, besides the level."""
    return Narrowing(
        institution=request.args.get("institution") or None,
        coordinator=request.args.get("coordinator") or None,
        recommendation_id=optional_id(request.args.get("recommendation")),
        searched=searched(),
    )


def level_asked() -> int | None:
    """The level the board is narrowed to; what is none narrows nothing."""
    text = request.args.get("level", "")
    return int(text) if text.isdecimal() and len(text) < 3 else None


def _nearest(at: Reading) -> Any:
    return escalations.next_deadline(at.connection, at.scope, at.now)


def _many(at: Reading) -> list[tuple[str, str]]:
    """(act, address of its check) of the acts on many that the reader may do with what the filters
    of the board leave."""
    return [
        (what, url_for("late_acts.check", what=what, **LIST.asked()))
        for what in late_acts.WHATS
        if allows(at.scope, late_acts.RIGHTS[what])
    ]


def _choices(at: Reading) -> dict[str, Sequence[tuple[Any, str]]]:
    """What the board can be narrowed to."""
    named = escalations.levels(at.connection, at.scope)
    levels = [
        (level, language().model_text(name))
        for level, name in named.items()
        if level >= escalations.LATE
    ]
    if not at.scope.oversees:
        return {"levels": levels, "institutions": (), "coordinators": ()}
    registry = institutions.registry(at.connection, at.scope)
    return {
        "levels": levels,
        "institutions": [(one.code, one.short_name) for one in registry],
        "coordinators": recommendations.coordinators(at.connection, at.scope),
    }


def _chips(
    wanted: Narrowing, level: int | None, choices: dict[str, Sequence[tuple[Any, str]]]
) -> list[tuple[str, str]]:
    code, coordinator = wanted.institution or "", wanted.coordinator or ""
    named: dict[int, str] = dict(choices["levels"])
    words = {
        "level": "" if level is None else named.get(level, gettext("One level")),
        "institution": dict(choices["institutions"]).get(code, code),
        "coordinator": dict(choices["coordinators"]).get(coordinator, ""),
        "recommendation": gettext("One recommendation") if wanted.recommendation_id else "",
        "q": wanted.searched,
    }
    return [(text, LIST.address(**{name: None})) for name, text in words.items() if text]
