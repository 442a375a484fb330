"""The words of the domain on screen: roles, groups, classifications.

Owns word and role of colour for every value of `processes.register.vocabulary`; states have their
own (`processes.register.states`). The words are those of the domain's glossary; models have their
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.sentences.sentence import Sentence, say
from processes.register.groups import Group
from processes.register.states import ENDED, Marked, Stage, Treatment
from processes.register.verdicts import VERDICTS
from processes.rights import groups
from web.translations import Language
from web.words.formatting import Mark

CLASSIFICATIONS: Mapping[str, Sentence] = {
    "ordinary": say("Ordinary"),
    "restricted": say("Restricted"),
    "secret": say("Secret"),
    "top_secret": say("Top secret"),
}
URGENCIES: Mapping[str, Sentence] = {
    "ordinary": say("Ordinary"),
    "urgent": say("Urgent"),
    "very_urgent": say("Very urgent"),
}
PRIORITIES: Mapping[str, Sentence] = {
    "normal": say("Ordinary"),
    "high": say("High"),
}
ROLES: Mapping[str, Sentence] = {
    "lead": say("Lead"),
    "supporting": say("Supporting institution"),
    "information": say("For information"),
}
KINDS: Mapping[str, Sentence] = {
    "policy_implementation": say("Implementation of a policy"),
    "technical_coordination": say("Technical coordination"),
    "other": say("Other work"),
}
"""The kinds of work of a follow-up."""
REASONS: Mapping[str, Sentence] = {
    "force_majeure": say("Force majeure"),
    "court": say("The matter is before a court"),
    "not_effective": say("No longer effective, efficient or economical"),
    "authority_moved": say("The authority moved elsewhere"),
}
"""The reasons why a recommendation cannot be followed up."""
GROUPS: Mapping[str, Sentence] = {
    "coordinator": say("Coordinator"),
    "supervisor": say("Supervisor"),
    "process-owner": say("Process owner"),
    "admin": say("Administrator"),
}


COMING: Mapping[Treatment, Sentence] = {
    Treatment.CARRIED_OVER: say("Carried over once the next recommendation is issued"),
    Treatment.WITHDRAWN: say("Is being withdrawn."),
    Treatment.LEFT_TO_FINISH: Treatment.LEFT_TO_FINISH.sentence,
}
"""What is to come of a follow-up that still runs though its recommendation has ended."""


def mark_of(state: Marked, language: Language) -> Mark:
    """The mark of a state: word and role of colour."""
    return Mark(state.role, language.render(state.sentence))


def verdict_mark(verdict: str, language: Language) -> Mark:
    """The mark of a verdict, in the colour of its kind."""
    found = VERDICTS[verdict]
    return Mark(found.kind.role, language.render(found.name))


class Found(Protocol):
    """What a mark reads of a follow-up."""

    @property
    def status(self) -> Stage: ...
    @property
    def verdict(self) -> str | None: ...
    @property
    def group(self) -> Group: ...


def case_mark(case: Found, language: Language) -> Mark:
    """Where a follow-up stands. After the end its colour is that of its group: only what conforms
    bears the mark of what is done."""
    role = case.group.role if case.status in ENDED else case.status.role
    return Mark(role, language.render(case.status.sentence))


def finding_mark(case: Found, language: Language) -> Mark:
    """What the coordinator found; a proposal that was approved waits for nobody any more."""
    assert case.verdict is not None, "only what was evaluated has a finding"
    mark = verdict_mark(case.verdict, language)
    return Mark(case.group.role, mark.words) if case.group is Group.IMPOSSIBLE else mark


def mark(table: Mapping[str, tuple[str, Sentence]], value: str, language: Language) -> Mark:
    """The mark of a value: word and role of colour."""
    role, words = table[value]
    return Mark(role, language.render(words))


def group_words(group: str, language: Language, institution: str = "") -> str:
    """A candidate group in words; an institution by its short name where it is known."""
    found = groups.parse(group)
    if found is None:
        return language.render(GROUPS[group]) if group in GROUPS else group
    name = institution or found.code
    if found.role == "contact":
        return name
    return language.gettext("Leadership of %(institution)s") % {"institution": name}
