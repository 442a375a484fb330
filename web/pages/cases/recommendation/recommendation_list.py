"""The list of recommendations: its filters from an address, and back into one.

Owns the names of the filters in the address and their words.
`processes.cases.recommendation.recommendations` owns their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.sentences.sentence import say
from processes.cases.recommendation.recommendations import NEWEST
from processes.register.states import RecommendationState
from processes.register.vocabulary import PRIORITIES
from processes.storage.cases.lists.recommendation_lists import Wanted
from processes.storage.people.institutions import Institution
from web.frame.lists import ListOf, day_of, due_words, searched
from web.words import labels
from web.words.i18n import gettext, render

LATE = "late"
LIST = ListOf(
    "recommendations",
    "recommendations.listed",
    ("q", "status", "priority", "institution", "coordinator", "time", "due_from", "due_to"),
    {
        "newest": say("Recommendation"),
        "number": say("Number"),
        "deadline": say("Deadline"),
        "issued": say("Issued"),
    },
    NEWEST,
)


def wanted(args: Mapping[str, str]) -> Wanted:
    """The filters in the address; a value that is not offered is left out, because an old link may
    have it."""
    status, priority = args.get("status"), args.get("priority")
    return Wanted(
        status=status if status in tuple(RecommendationState) else None,
        priority=priority if priority in PRIORITIES else None,
        institution=args.get("institution") or None,
        late=args.get("time") == LATE,
        coordinator=args.get("coordinator") or None,
        due_from=day_of("due_from"),
        due_to=day_of("due_to"),
        searched=searched(),
    )


def states() -> list[tuple[str, str]]:
    """(state, its words), in the order of the work."""
    return [(state, render(state.sentence)) for state in RecommendationState]


def priorities() -> list[tuple[str, str]]:
    """(priority, its words)."""
    return [(one, render(labels.PRIORITIES[one])) for one in PRIORITIES]


def _priority(one: str | None) -> str:
    """Alone, “high” does not say of what."""
    return f"{gettext('Priority')}: {render(labels.PRIORITIES[one])}" if one else ""


def chips(
    found: Wanted, institutions: Sequence[Institution], coordinators: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(words, address without it) of every filter that is on."""
    names = {one.code: one.short_name for one in institutions}
    on = {
        "status": dict(states()).get(found.status or "", ""),
        "priority": _priority(found.priority),
        "institution": names.get(found.institution or "", found.institution or ""),
        "time": gettext("Overdue") if found.late else "",
        "coordinator": coordinators.get(
            found.coordinator or "", gettext("A coordinator") if found.coordinator else ""
        ),
        **due_words(found.due_from, found.due_to),
        "q": found.searched,
    }
    return [(text, LIST.address(**{name: None})) for name, text in on.items() if text]
