"""The groups of follow-ups as SQL: clauses and a column, both made of
`processes.register.groups.RULES`.

Owns no rule of its own, so that a number that SQL counts is the number that Python would count.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Case, ColumnElement, and_, case, literal, or_, true

from processes.register.groups import RULES, Group, Membership
from processes.register.states import RUNNING
from processes.storage.tables.follow_ups import RUNS, follow_up


def in_group(group: Group) -> ColumnElement[bool]:
    """Rows of `follow_up` that are in this group."""
    return or_(*(_rows(rule) for rule in RULES if rule.group is group))


def group_column() -> Case[Any]:
    """The value of the group of a row of `follow_up`."""
    return case(*((_rows(rule), literal(rule.group.value)) for rule in RULES))


def _rows(rule: Membership) -> ColumnElement[bool]:
    at = RUNS if rule.stages == RUNNING else follow_up.c.status.in_(rule.stages)
    return and_(at, _found(rule))


def _found(rule: Membership) -> ColumnElement[bool]:
    if rule.kinds is None:
        return true()
    listed = follow_up.c.verdict.in_(rule.verdicts)
    return or_(follow_up.c.verdict.is_(None), listed) if None in rule.kinds else listed
