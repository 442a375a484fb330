"""The fixed words of the register: every value a column, a form or a gateway may hold.

Owns the values only. Their labels belong to the screens, the rules about them to the handlers and
the models; the tables hold the same words as CHECK constraints.
"""

from __future__ import annotations

CLASSIFICATIONS = ("ordinary", "restricted", "secret", "top_secret")
"""Security classification in rising order (Peraturan ANRI 5/2021)."""
URGENCIES = ("ordinary", "urgent", "very_urgent")
PRIORITIES = ("normal", "high")
ROLES = ("lead", "supporting", "information")
OWING_ROLES = ("lead", "supporting")
"""Who gets a follow-up; those told for information owe nothing."""
CYCLES = ("month", "quarter", "semester")
ROLLUP_RULES = ("lead", "all", "percent")
DEADLINE_KINDS = ("date", "working_days", "days")
STANCES = ("agree", "agree_with_notes", "disagree")
RESPONSES = ("accepted", "clarification", "disagree")
REPLIES = ("answered", "rejected", "changed", "accepted")
"""What the coordinator replied: answered a clarification, or the result of a review."""
VERDICTS = ("conforms", "not_yet_conforms", "not_followed_up", "cannot_be_followed_up")
"""Words of BPK Regulation 2/2017, borrowed for policy recommendations."""
REASONS = ("force_majeure", "court", "not_effective", "authority_moved")
FOLLOW_UP_KINDS = ("policy_implementation", "technical_coordination", "other")
OVERALL_DECISIONS = ("close", "monitor", "next")
DECISION_KINDS = ("issue", "withdrawal", "not_feasible")
EXTENSION_DECISIONS = ("granted", "denied")

RECOMMENDATION_STATES = (
    "draft",
    "comment",
    "finalise",
    "approve",
    "send_out",
    "issued",
    "evaluate",
    "closed",
    "withdrawn",
)
"""What a recommendation waits for, as the last recorded fact tells."""
STAGES = (
    "acknowledge",
    "clarification",
    "disagreement",
    "plan",
    "implement",
    "report",
    "evaluate",
    "decide",
    "closed",
    "withdrawn",
)
"""What a follow-up waits for, as the last recorded fact tells."""
ENDED = ("closed", "withdrawn")

MAIL_KINDS = ("notice", "digest", "account")
MAIL_STATES = ("queued", "sent", "failed", "shown", "dropped")
"""shown: no mail server is set, the text is only to be read in the outbox; dropped: a digest of
which nothing stood any more when it was due."""
