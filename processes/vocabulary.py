"""The fixed words of the register that are no states: what a column, a form or a gateway may hold.

Owns the values only. Their labels belong to the screens, the rules about them to the handlers and
the models; the tables hold the same words as CHECK constraints. States are `processes.states`.
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
REASONS = ("force_majeure", "court", "not_effective", "authority_moved")
FOLLOW_UP_KINDS = ("policy_implementation", "technical_coordination", "other")

MAIL_KINDS = ("notice", "digest", "account")
