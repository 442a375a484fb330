"""Tables of the people and the institutions they answer for.

Owns institutions, users, memberships, roles, and who stands in for whom. Must not know rights
(`processes.rights.access`), proofs of identity (`processes.storage.authentication.sessions`) or any
case.

All other tables and the groups `institution:<code>` name an institution by its code, so the code is
its key and never changes; a renamed or merged institution gets a successor instead.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    true,
)

from engine.storage.database.types import ID, UtcDateTime
from processes.register.posts import StandInKind, StandInState
from processes.register.states import AccountKind
from processes.register.vocabulary import CLASSIFICATIONS
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, Member, one_of

ROLES: Final = ("process-owner", "coordinator", "supervisor", "admin")
RANKS: Final = ("asdep", "deputi", "menko")
"""Ranks of supervisors, lowest first: the rungs of the escalation ladder inside the ministry."""

MEMBERSHIPS: Final = ("contact", "head")
KINDS: Final = ("ministry", "agency", "forces", "police", "committee")

institution = Table(
    "institution",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("short_name", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("is_kl", Boolean, nullable=False, server_default=true()),
    Column("calendar_code", ForeignKey("calendar.code"), nullable=False),
    Column("valid_from", Date, nullable=True),
    Column("valid_to", Date, nullable=True),
    Column("successor_code", ForeignKey("institution.code"), nullable=True),
    Column("address", Text, nullable=False, server_default=""),
    Column("email", String(254), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    # Since when its head releases each report before it is handed in; empty: nobody does.
    Column("approval_since", UtcDateTime),
    one_of("kind", KINDS),
    CheckConstraint(
        "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="span"
    ),
)

user = Table(
    "user",
    metadata,
    Column("id", ID, primary_key=True),
    Column("username", String(60), nullable=False),
    Column("name", String(120), nullable=False),
    Column("post", String(160), nullable=False, server_default=""),
    Column("email", String(254), nullable=False, server_default=""),
    # No hash: invited, never signed in. The version rises with every new password, so that a
    # remembered check of the old one ends.
    Column("password_hash", String(200), nullable=True),
    Column("password_version", Integer, nullable=False, server_default="0"),
    Column("clearance", String(12), nullable=False, server_default="ordinary"),
    Column("locale", String(5), nullable=False, server_default="id"),
    Column("theme", String(8), nullable=False, server_default="system"),
    Column("density", String(12), nullable=False, server_default="comfortable"),
    Column("zone", String(40), nullable=False, server_default="Asia/Jakarta"),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("fictitious", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    # Never changes.
    Column("kind", Member(AccountKind, 7), nullable=False, server_default=AccountKind.PERSON.value),
    one_of("clearance", CLASSIFICATIONS),
    one_of("kind", AccountKind),
    CheckConstraint(
        "kind = 'person' OR (password_hash IS NULL AND email = '' AND clearance = 'ordinary')",
        name="service",
    ),
    # users.by_username: sign-in, `by` and assignee to a person; users.page pages along it.
    Index("uq_user_username", "username", unique=True),
    # users.page sorted by name
    Index("ix_user_name_username", "name", "username"),
)

stand_in = Table(
    "stand_in",
    metadata,
    Column("id", ID, primary_key=True),
    # The group of the post, `institution-head:kemhan` or `supervisor`; its rank, of a supervisor.
    Column("post", String(60), nullable=False),
    Column("rank", String(10)),
    # Whose post it is; nobody's: it is vacant.
    Column("holder_id", ForeignKey("user.id")),
    # Nobody: its holder is on leave, and nobody stands in.
    Column("deputy_id", ForeignKey("user.id")),
    Column("kind", Member(StandInKind), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("letter", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Member(StandInState), nullable=False),
    Column("named_at", UtcDateTime, nullable=False),
    Column("named_by", NAME, nullable=False),
    Column("begun_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    # By whom it was ended before its last day.
    Column("ended_by", NAME),
    one_of("rank", RANKS),
    one_of("kind", StandInKind),
    one_of("state", StandInState),
    CheckConstraint("to_day >= from_day", name="span"),
    # stand_ins.of_post: of an institution's head, of the supervisors
    Index(None, "post", "from_day"),
    # stand_ins.about and stand_ins.acting: as whose stand-in somebody acted
    Index(None, "deputy_id", "from_day"),
    Index(None, "holder_id", "from_day"),
)

user_role = Table(
    "user_role",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("rank", String(10), nullable=True),
    # For as long as they stand in for somebody who has it.
    Column("stand_in_id", ForeignKey("stand_in.id")),
    one_of("role", ROLES),
    one_of("rank", RANKS),
    CheckConstraint("rank IS NULL OR role = 'supervisor'", name="rank_of_supervisor"),
    # users.holding_role: recipients of an escalation, the last administrator.
    Index("ix_user_role_role", "role", "rank"),
)

membership = Table(
    "membership",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("institution_code", ForeignKey("institution.code"), primary_key=True),
    Column("role", String(10), primary_key=True),
    Column("stand_in_id", ForeignKey("stand_in.id")),
    one_of("role", MEMBERSHIPS),
    # users.members_of: narahubung and heads of an institution.
    Index("ix_membership_institution_code", "institution_code", "role"),
)
