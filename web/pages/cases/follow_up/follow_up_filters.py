"""The list of follow-ups: its filters from an address, and back into one.

Owns the names of the filters in the address and their words.
`processes.cases.follow_up.follow_up_list` owns their meaning.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from engine.sentences.sentence import Sentence, say
from processes.cases.follow_up.follow_up_list import NEAREST, Choices
from processes.cases.follow_up.follow_up_list import TIMES as KNOWN_TIMES
from processes.register.groups import BY_VALUE, Group
from processes.register.states import Stage
from processes.register.verdicts import VERDICTS
from processes.register.vocabulary import ROLES
from processes.storage.cases.lists.follow_up_lists import Wanted
from web.frame.lists import ListOf, day_of, due_words, searched
from web.frame.parsing import optional_id
from web.words import labels
from web.words.i18n import gettext, language, render

LIST = ListOf(
    "follow_ups",
    "follow_ups.listed",
    (
        "q", "group", "stage", "time", "level", "institution", "recommendation", "coordinator",
        "role", "verdict", "spoken", "due_from", "due_to",
    ),
    {
        "deadline": say("Deadline of the follow-up"),
        "recommendation": say("Recommendation"),
        "institution": say("Institution"),
        "since": say("At this stage since"),
    },
    NEAREST,
)  # fmt: skip
TIMES: Mapping[str, Sentence] = {
    "late": say("Overdue"),
    "soon": say("Due soon"),
    "on_time": say("In time"),
    "open": say("Not ended"),
    "ended": say("Ended"),
}


def wanted(args: Mapping[str, str]) -> Wanted:
    """The filters in the address; a value that is not offered is left out, because an old link may
    have it."""
    level = args.get("level", "")
    return Wanted(
        stage=_one_of(args.get("stage"), tuple(Stage)),
        time=_one_of(args.get("time"), KNOWN_TIMES),
        level=int(level) if level.isdecimal() and len(level) < 3 else None,
        institution=args.get("institution") or None,
        recommendation_id=optional_id(args.get("recommendation")),
        role=_one_of(args.get("role"), ROLES),
        verdict=_one_of(args.get("verdict"), VERDICTS),
        group=BY_VALUE.get(args.get("group", "")),
        spoken=args.get("spoken") == "1",
        coordinator=args.get("coordinator") or None,
        due_from=day_of("due_from"),
        due_to=day_of("due_to"),
        searched=searched(),
    )


def stages() -> dict[str, str]:
    """Stage -> its words."""
    return {stage: render(stage.sentence) for stage in Stage}


def groups() -> dict[str, str]:
    """Group -> its words."""
    return {group: render(group.sentence) for group in Group}


def chips(found: Wanted, choices: Choices) -> list[tuple[str, str]]:
    """(words, address without it) of every filter that is on."""
    on = {name: text for name, text in _words(found, choices).items() if text}
    return [(text, LIST.address(**{name: None})) for name, text in on.items()]


def _words(found: Wanted, choices: Choices) -> dict[str, str]:
    spoken = language()
    numbers = {id: number for id, number, _ in choices.recommendations}
    case = found.recommendation_id
    level = spoken.model_text(choices.levels.get(found.level or 0, str(found.level)))
    return {
        "group": render(found.group.sentence) if found.group else "",
        "stage": stages()[found.stage] if found.stage else "",
        "time": render(TIMES[found.time]) if found.time else "",
        "level": gettext("%(level)s or higher", level=level) if found.level is not None else "",
        "institution": dict(choices.institutions).get(
            found.institution or "", found.institution or ""
        ),
        "recommendation": numbers.get(case, gettext("One recommendation")) if case else "",
        "role": render(labels.ROLES[found.role]) if found.role else "",
        "verdict": render(VERDICTS[found.verdict].name) if found.verdict else "",
        "spoken": gettext("With an oral statement") if found.spoken else "",
        "coordinator": dict(choices.coordinators).get(
            found.coordinator or "", gettext("A coordinator") if found.coordinator else ""
        ),
        **due_words(found.due_from, found.due_to),
        "q": found.searched,
    }


def _one_of(value: str | None, known: Container[str]) -> str | None:
    return value if value is not None and value in known else None
