"""The fixed words of the register besides states: values of a column, a form or a gateway.

Owns the values only, each list as a type too, so that a misspelled word fails the types. Their
labels belong to the screens, the rules about them to the handlers and the models; the tables hold
the same words as CHECK constraints. States are `processes.register.states`.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Classification: TypeAlias = Literal["ordinary", "restricted", "secret", "top_secret"]
CLASSIFICATIONS: Final[tuple[Classification, ...]] = get_args(Classification)
"""Security classification in rising order (Peraturan ANRI 5/2021)."""
Urgency: TypeAlias = Literal["ordinary", "urgent", "very_urgent"]
URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
Priority: TypeAlias = Literal["normal", "high"]
PRIORITIES: Final[tuple[Priority, ...]] = get_args(Priority)
OwingRole: TypeAlias = Literal["lead", "supporting"]
OWING_ROLES: Final[tuple[OwingRole, ...]] = get_args(OwingRole)
"""Who gets a follow-up; those told for information owe nothing."""
InstitutionRole: TypeAlias = OwingRole | Literal["information"]
ROLES: Final[tuple[InstitutionRole, ...]] = (*OWING_ROLES, "information")
Cycle: TypeAlias = Literal["month", "quarter", "semester"]
CYCLES: Final[tuple[Cycle, ...]] = get_args(Cycle)
RollupRule: TypeAlias = Literal["lead", "all", "percent"]
ROLLUP_RULES: Final[tuple[RollupRule, ...]] = get_args(RollupRule)
DeadlineKind: TypeAlias = Literal["date", "working_days", "days"]
DEADLINE_KINDS: Final[tuple[DeadlineKind, ...]] = get_args(DeadlineKind)
Stance: TypeAlias = Literal["agree", "agree_with_notes", "disagree"]
STANCES: Final[tuple[Stance, ...]] = get_args(Stance)
Reason: TypeAlias = Literal["force_majeure", "court", "not_effective", "authority_moved"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
FollowUpKind: TypeAlias = Literal["policy_implementation", "technical_coordination", "other"]
FOLLOW_UP_KINDS: Final[tuple[FollowUpKind, ...]] = get_args(FollowUpKind)
Attendance: TypeAlias = Literal["present", "represented", "absent"]
ATTENDANCES: Final[tuple[Attendance, ...]] = get_args(Attendance)
"""Whether an institution was at a rakor: its people, somebody for it, or nobody."""

MailKind: TypeAlias = Literal["notice", "digest", "account"]
MAIL_KINDS: Final[tuple[MailKind, ...]] = get_args(MailKind)
TaskNews: TypeAlias = Literal["opened", "handed", "given_back", "taken", "moved"]
TASK_NEWS: Final[tuple[TaskNews, ...]] = get_args(TaskNews)
"""What somebody is told of a task: it opened, it was handed to them, it is free again, somebody
else has it now, its deadline moved."""
