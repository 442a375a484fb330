"""The words of the domain on screen: stages, verdicts, roles, groups, classifications.

Owns word and role of colour for every value of `processes.vocabulary`. The words are those of the
domain's glossary; models hold their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.words import Sentence, say
from web.formatting import Mark
from web.translations import Language

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
    "normal": say("Ordinary priority"),
    "high": say("High priority"),
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
"""What sort of work a follow-up is."""
RESPONSES: Mapping[str, tuple[str, Sentence]] = {
    "accepted": ("done", say("Receipt confirmed")),
    "clarification": ("waiting", say("Clarification asked for")),
    "disagree": ("late", say("Disagreement stated")),
}
"""What an institution answered at acknowledging."""
REPLIES: Mapping[str, tuple[str, Sentence]] = {
    "answered": ("done", say("Clarification given")),
    "rejected": ("neutral", say("The recommendation stands")),
    "changed": ("active", say("The text was changed")),
    "accepted": ("done", say("Disagreement accepted")),
}
"""What the coordinator replied."""
REASONS: Mapping[str, Sentence] = {
    "force_majeure": say("Force majeure"),
    "court": say("The matter is before a court"),
    "not_effective": say("No longer effective, efficient or economical"),
    "authority_moved": say("The authority moved elsewhere"),
}
"""Why something cannot be followed up."""
EXTENSIONS: Mapping[str, tuple[str, Sentence]] = {
    "granted": ("done", say("Granted")),
    "denied": ("late", say("Denied")),
}
GROUPS: Mapping[str, Sentence] = {
    "coordinator": say("Coordinator"),
    "supervisor": say("Supervisor"),
    "process-owner": say("Process owner"),
    "admin": say("Administrator"),
}
STAGES: Mapping[str, tuple[str, Sentence]] = {
    "acknowledge": ("waiting", say("Awaiting acknowledgement")),
    "clarification": ("waiting", say("Clarification")),
    "disagreement": ("waiting", say("Review of a disagreement")),
    "plan": ("active", say("Action plan")),
    "implement": ("active", say("Implementation")),
    "report": ("active", say("Report")),
    "evaluate": ("waiting", say("Evaluation")),
    "decide": ("waiting", say("Decision of the supervisor")),
    "closed": ("done", say("Closed")),
    "withdrawn": ("neutral", say("Withdrawn")),
}
"""Stage of a follow-up -> role of colour and words."""
STATES: Mapping[str, tuple[str, Sentence]] = {
    "draft": ("neutral", say("Draft")),
    "comment": ("waiting", say("Comments on the draft")),
    "finalise": ("active", say("Finalising")),
    "approve": ("waiting", say("Approval")),
    "send_out": ("active", say("Ready to issue")),
    "issued": ("active", say("Issued")),
    "evaluate": ("active", say("Overall evaluation")),
    "closed": ("done", say("Closed")),
    "withdrawn": ("neutral", say("Withdrawn")),
}
"""State of a recommendation -> role of colour and words."""
VERDICTS: Mapping[str, tuple[str, Sentence]] = {
    "conforms": ("done", say("Conforms")),
    "not_yet_conforms": ("late", say("Does not conform yet")),
    "not_followed_up": ("neutral", say("Not followed up yet")),
    "cannot_be_followed_up": ("waiting", say("Cannot be followed up")),
}


def mark(table: Mapping[str, tuple[str, Sentence]], value: str, language: Language) -> Mark:
    """The mark of a value: word and role of colour."""
    role, words = table[value]
    return Mark(role, language.render(words))


def group_words(group: str, language: Language, institution: str = "") -> str:
    """A candidate group in words; an institution by its short name where it is known."""
    kind, _, code = group.partition(":")
    if kind == "institution":
        return institution or code
    if kind == "institution-head":
        return language.gettext("Leadership of %(institution)s") % {
            "institution": institution or code
        }
    words = GROUPS.get(group)
    return language.render(words) if words else group
