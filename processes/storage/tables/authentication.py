"""Tables of proving who somebody is: sessions, tokens, links.

Owns what is remembered of a secret, never the secret itself: only SHA-256 digests of random values
are stored.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table

from engine.storage.database.types import DATA, ID, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import one_of

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("address", String(60), nullable=False),
    Column("user_agent", String(200), nullable=False),
    # sessions_of and end_sessions: the account page, and a password or role change.
    Index("ix_session_user_id", "user_id"),
    # forget_expired: the daily cleaning.
    Index("ix_session_expires_at", "expires_at"),
)

token = Table(
    "token",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("scope", String(4), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, nullable=True),
    # Of a service account: the topics it works on, and those of them allowed in real cases.
    Column("topics", DATA, nullable=True),
    Column("case_topics", DATA, nullable=True),
    one_of("scope", ("read", "act")),
    CheckConstraint("(topics IS NULL) = (case_topics IS NULL)", name="topics"),
    # bearer: every call with a Bearer token.
    Index("uq_token_digest", "digest", unique=True),
    # tokens_of: a user's own list.
    Index("ix_token_user_id", "user_id"),
)

LinkPurpose: TypeAlias = Literal["invite", "reset"]

invitation = Table(
    "invitation",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(6), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    one_of("purpose", get_args(LinkPurpose)),
    # drop_invitations: a new password, a closed account.
    Index("ix_invitation_user_id", "user_id"),
)
