"""Tables of the register"""

# ruff: noqa: E501
# The vocabularies of CHECK constraints stand as the database has them, in one line.

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.storage.database.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "calendar",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("edition", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_calendar")),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("final_text", sa.Text(), nullable=True),
        sa.Column("expected_outcome", sa.Text(), nullable=True),
        sa.Column("source_meeting", sa.Text(), nullable=True),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("rpjmn_reference", sa.Text(), nullable=True),
        sa.Column("priority", sa.String(length=40), nullable=False),
        sa.Column("classification", sa.String(length=40), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("deadline_kind", sa.String(length=40), nullable=True),
        sa.Column("deadline_days", sa.Integer(), nullable=True),
        sa.Column("comment_deadline", sa.Date(), nullable=True),
        sa.Column("cycle", sa.String(length=40), nullable=False),
        sa.Column("rollup_rule", sa.String(length=40), nullable=False),
        sa.Column("rollup_percent", sa.Integer(), nullable=True),
        sa.Column("letter_number", sa.String(length=200), nullable=True),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("signatory", sa.String(length=200), nullable=True),
        sa.Column(
            "issued_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("issued_by", sa.String(length=200), nullable=True),
        sa.Column(
            "closed_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("predecessor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("created_by", sa.String(length=200), nullable=True),
        sa.Column(
            "registered_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.CheckConstraint(
            "classification in ('ordinary', 'restricted', 'secret', 'top_secret')",
            name=op.f("ck_recommendation_classification"),
        ),
        sa.CheckConstraint(
            "cycle in ('month', 'quarter', 'semester')", name=op.f("ck_recommendation_cycle")
        ),
        sa.CheckConstraint(
            "deadline_kind in ('date', 'working_days', 'days')",
            name=op.f("ck_recommendation_deadline_kind"),
        ),
        sa.CheckConstraint(
            "priority in ('normal', 'high')", name=op.f("ck_recommendation_priority")
        ),
        sa.CheckConstraint(
            "rollup_rule in ('lead', 'all', 'percent')", name=op.f("ck_recommendation_rollup_rule")
        ),
        sa.CheckConstraint(
            "status in ('draft', 'comment', 'finalise', 'approve', 'send_out', 'issued', 'evaluate', 'closed', 'withdrawn')",
            name=op.f("ck_recommendation_status"),
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_predecessor_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_recommendation_instance_id")),
        sa.UniqueConstraint("number", name=op.f("uq_recommendation_number")),
    )
    op.create_index(
        op.f("ix_recommendation_predecessor_id"), "recommendation", ["predecessor_id"], unique=False
    )
    op.create_index(
        op.f("ix_recommendation_status_id"), "recommendation", ["status", "id"], unique=False
    )
    op.create_table(
        "register_setting",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "changed_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_register_setting")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "last_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_last_at", "sign_in_attempt", ["last_at"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_expires_at", "upload", ["expires_at"], unique=False)
    op.create_index("ix_upload_sha256", "upload", ["sha256"], unique=False)
    op.create_index("ix_upload_task_id", "upload", ["task_id", "owner"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=160), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("clearance", sa.String(length=12), server_default="ordinary", nullable=False),
        sa.Column("locale", sa.String(length=5), server_default="id", nullable=False),
        sa.Column("theme", sa.String(length=8), server_default="system", nullable=False),
        sa.Column("density", sa.String(length=12), server_default="comfortable", nullable=False),
        sa.Column("zone", sa.String(length=40), server_default="Asia/Jakarta", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("fictitious", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint(
            "clearance in ('ordinary', 'restricted', 'secret', 'top_secret')",
            name=op.f("ck_user_clearance"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
    )
    op.create_index("uq_user_username", "user", ["username"], unique=True)
    op.create_table(
        "calendar_day",
        sa.Column("calendar_code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("decree", sa.String(length=200), nullable=False),
        sa.Column(
            "added_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "kind in ('holiday', 'joint_leave', 'working')", name=op.f("ck_calendar_day_kind")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_code"],
            ["calendar.code"],
            name=op.f("fk_calendar_day_calendar_code_calendar"),
        ),
        sa.PrimaryKeyConstraint("calendar_code", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "compilation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("matrix", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_compilation_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compilation")),
    )
    op.create_index(
        op.f("ix_compilation_recommendation_id_id"),
        "compilation",
        ["recommendation_id", "id"],
        unique=False,
    )
    op.create_table(
        "institution",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_kl", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("calendar_code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_code", sa.String(length=40), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint(
            "kind in ('ministry', 'agency', 'forces', 'police', 'committee')",
            name=op.f("ck_institution_kind"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_institution_span"),
        ),
        sa.ForeignKeyConstraint(
            ["calendar_code"], ["calendar.code"], name=op.f("fk_institution_calendar_code_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["successor_code"],
            ["institution.code"],
            name=op.f("fk_institution_successor_code_institution"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_institution")),
    )
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=6), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column(
            "expires_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint("purpose in ('invite', 'reset')", name=op.f("ck_invitation_purpose")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_invitation_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
    )
    op.create_index("uq_invitation_user_id", "invitation", ["user_id"], unique=True)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("invitation", sa.Text(), nullable=True),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Text(), nullable=True),
        sa.Column("agreements", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_meeting_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(
        op.f("ix_meeting_recommendation_id_id"),
        "meeting",
        ["recommendation_id", "id"],
        unique=False,
    )
    op.create_table(
        "overall_evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("achievement", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("new_deadline", sa.Date(), nullable=True),
        sa.Column("remaining_treatment", sa.Text(), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "decision in ('close', 'monitor', 'next')", name=op.f("ck_overall_evaluation_decision")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_overall_evaluation_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overall_evaluation")),
    )
    op.create_index(
        op.f("ix_overall_evaluation_recommendation_id_id"),
        "overall_evaluation",
        ["recommendation_id", "id"],
        unique=False,
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "seen_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_session_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"], unique=False)
    op.create_index("ix_session_user_id", "session", ["user_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=4), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "used_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.CheckConstraint("scope in ('read', 'act')", name=op.f("ck_token_scope")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_token_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
    )
    op.create_index("ix_token_user_id", "token", ["user_id"], unique=False)
    op.create_index("uq_token_digest", "token", ["digest"], unique=True)
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "rank IS NULL OR role = 'supervisor'", name=op.f("ck_user_role_rank_of_supervisor")
        ),
        sa.CheckConstraint("rank in ('asdep', 'deputi', 'menko')", name=op.f("ck_user_role_rank")),
        sa.CheckConstraint(
            "role in ('process-owner', 'coordinator', 'supervisor', 'admin')",
            name=op.f("ck_user_role_role"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_role_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_index("ix_user_role_role", "user_role", ["role", "rank"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.Column("stance", sa.String(length=40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("proposed_change", sa.Text(), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "answered_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "stance in ('agree', 'agree_with_notes', 'disagree')", name=op.f("ck_comment_stance")
        ),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.code"], name=op.f("fk_comment_institution_institution")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_comment_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint(
            "recommendation_id",
            "institution",
            name=op.f("uq_comment_recommendation_id_institution"),
        ),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column(
            "status_since", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("rework_deadline", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("claimed_status", sa.String(length=40), nullable=True),
        sa.Column("claimed_percent", sa.Integer(), nullable=True),
        sa.Column(
            "claimed_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column(
            "verdict_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "issued_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "closed_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.CheckConstraint(
            "claimed_status in ('conforms', 'not_yet_conforms', 'not_followed_up', 'cannot_be_followed_up')",
            name=op.f("ck_follow_up_claimed_status"),
        ),
        sa.CheckConstraint(
            "kind in ('policy_implementation', 'technical_coordination', 'other')",
            name=op.f("ck_follow_up_kind"),
        ),
        sa.CheckConstraint("role in ('lead', 'supporting')", name=op.f("ck_follow_up_role")),
        sa.CheckConstraint(
            "status in ('acknowledge', 'clarification', 'disagreement', 'plan', 'implement', 'report', 'evaluate', 'decide', 'closed', 'withdrawn')",
            name=op.f("ck_follow_up_status"),
        ),
        sa.CheckConstraint(
            "verdict in ('conforms', 'not_yet_conforms', 'not_followed_up', 'cannot_be_followed_up')",
            name=op.f("ck_follow_up_verdict"),
        ),
        sa.CheckConstraint(
            "claimed_percent between 0 and 100", name=op.f("ck_follow_up_claimed_percent")
        ),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.code"], name=op.f("fk_follow_up_institution_institution")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_follow_up_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_follow_up_instance_id")),
        sa.UniqueConstraint(
            "recommendation_id",
            "institution",
            name=op.f("uq_follow_up_recommendation_id_institution"),
        ),
    )
    op.create_index(op.f("ix_follow_up_deadline_id"), "follow_up", ["deadline", "id"], unique=False)
    op.create_index(
        op.f("ix_follow_up_institution_deadline_id"),
        "follow_up",
        ["institution", "deadline", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_follow_up_status_deadline_id"),
        "follow_up",
        ["status", "deadline", "id"],
        unique=False,
    )
    op.create_table(
        "membership",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("institution_code", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.CheckConstraint("role in ('contact', 'head')", name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(
            ["institution_code"],
            ["institution.code"],
            name=op.f("fk_membership_institution_code_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "institution_code", "role", name=op.f("pk_membership")),
    )
    op.create_index(
        "ix_membership_institution_code", "membership", ["institution_code", "role"], unique=False
    )
    op.create_table(
        "recommendation_institution",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "role in ('lead', 'supporting', 'information')",
            name=op.f("ck_recommendation_institution_role"),
        ),
        sa.ForeignKeyConstraint(
            ["institution"],
            ["institution.code"],
            name=op.f("fk_recommendation_institution_institution_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_institution_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint(
            "recommendation_id", "institution", name=op.f("pk_recommendation_institution")
        ),
    )
    op.create_index(
        op.f("ix_recommendation_institution_institution_recommendation_id"),
        "recommendation_institution",
        ["institution", "recommendation_id"],
        unique=False,
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("proposed_reason", sa.Text(), nullable=True),
        sa.Column(
            "proposed_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("proposed_by", sa.String(length=200), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("letter_number", sa.String(length=200), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "kind in ('issue', 'withdrawal', 'not_feasible')", name=op.f("ck_decision_kind")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_decision_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_decision_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(
        op.f("ix_decision_follow_up_id_id"), "decision", ["follow_up_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_decision_recommendation_id_id"),
        "decision",
        ["recommendation_id", "id"],
        unique=False,
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("element_name", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("level_name", sa.Text(), nullable=False),
        sa.Column(
            "due_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column(
            "planned", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "fired", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("late_seconds", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("no_recipient", sa.Boolean(), nullable=False),
        sa.Column(
            "ended_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_escalation_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_escalation_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    op.create_index(
        op.f("ix_escalation_follow_up_id_id"), "escalation", ["follow_up_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_escalation_instance_id_id"), "escalation", ["instance_id", "id"], unique=False
    )
    op.create_index(
        "ix_escalation_standing",
        "escalation",
        ["level", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "ix_escalation_standing_task",
        "escalation",
        ["task_id"],
        unique=False,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "exchange",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("response", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("agenda_number", sa.String(length=200), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("changed_text", sa.Text(), nullable=True),
        sa.Column(
            "replied_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("replied_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "response in ('accepted', 'clarification', 'disagree')",
            name=op.f("ck_exchange_response"),
        ),
        sa.CheckConstraint(
            "result in ('answered', 'rejected', 'changed', 'accepted')",
            name=op.f("ck_exchange_result"),
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_exchange_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
    )
    op.create_index(
        op.f("ix_exchange_follow_up_id_id"), "exchange", ["follow_up_id", "id"], unique=False
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("requested_deadline", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter_number", sa.String(length=200), nullable=True),
        sa.Column(
            "requested_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("requested_by", sa.String(length=200), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("new_deadline", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column(
            "decided_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint("decision in ('granted', 'denied')", name=op.f("ck_extension_decision")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_extension_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(
        op.f("ix_extension_follow_up_id_id"), "extension", ["follow_up_id", "id"], unique=False
    )
    op.create_index(
        "uq_extension_pending",
        "extension",
        ["follow_up_id"],
        unique=True,
        sqlite_where=sa.text("decision is null"),
        postgresql_where=sa.text("decision is null"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("to_user", sa.String(length=200), nullable=True),
        sa.Column("to_address", sa.String(length=320), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("digest_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "sent_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.CheckConstraint("kind in ('notice', 'digest', 'account')", name=op.f("ck_mail_kind")),
        sa.CheckConstraint(
            "state in ('queued', 'sent', 'failed', 'shown', 'dropped')", name=op.f("ck_mail_state")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_mail_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_mail_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("to_user", "digest_day", name=op.f("uq_mail_to_user_digest_day")),
    )
    op.create_index(op.f("ix_mail_follow_up_id_id"), "mail", ["follow_up_id", "id"], unique=False)
    op.create_index(
        op.f("ix_mail_recommendation_id_id"), "mail", ["recommendation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_mail_state_id"), "mail", ["state", "id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("responsible_unit", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("due", sa.String(length=200), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_plan_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint(
            "follow_up_id",
            "version",
            "position",
            name=op.f("uq_plan_follow_up_id_version_position"),
        ),
    )
    op.create_table(
        "progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("support_needed", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_progress_percent")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_progress_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
    )
    op.create_index(
        op.f("ix_progress_follow_up_id_id"), "progress", ["follow_up_id", "id"], unique=False
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("receipt_number", sa.String(length=40), nullable=True),
        sa.Column(
            "receipt_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("letter_number", sa.String(length=200), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("classification", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("claimed_status", sa.String(length=40), nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "claimed_status in ('conforms', 'not_yet_conforms', 'not_followed_up', 'cannot_be_followed_up')",
            name=op.f("ck_report_claimed_status"),
        ),
        sa.CheckConstraint(
            "classification in ('ordinary', 'restricted', 'secret', 'top_secret')",
            name=op.f("ck_report_classification"),
        ),
        sa.CheckConstraint(
            "urgency in ('ordinary', 'urgent', 'very_urgent')", name=op.f("ck_report_urgency")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_report_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_report_receipt_number")),
    )
    op.create_index(
        op.f("ix_report_follow_up_id_id"), "report", ["follow_up_id", "id"], unique=False
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_statement_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(
        op.f("ix_statement_follow_up_id_id"), "statement", ["follow_up_id", "id"], unique=False
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("rework_deadline", sa.Date(), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "reason in ('force_majeure', 'court', 'not_effective', 'authority_moved')",
            name=op.f("ck_evaluation_reason"),
        ),
        sa.CheckConstraint(
            "verdict in ('conforms', 'not_yet_conforms', 'not_followed_up', 'cannot_be_followed_up')",
            name=op.f("ck_evaluation_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_evaluation_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_evaluation_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    op.create_index(
        op.f("ix_evaluation_follow_up_id_id"), "evaluation", ["follow_up_id", "id"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("progress_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.Column(
            "uploaded_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.CheckConstraint(
            "report_id IS NULL OR progress_id IS NULL", name=op.f("ck_evidence_proves_one")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_evidence_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["progress_id"], ["progress.id"], name=op.f("fk_evidence_progress_id_progress")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_evidence_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_follow_up_id", "evidence", ["follow_up_id", "id"], unique=False)
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"], unique=False)
    op.create_table(
        "mail_item",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("escalation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_mail_item_escalation_id_escalation")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_item_mail_id_mail")),
        sa.PrimaryKeyConstraint("mail_id", "escalation_id", name=op.f("pk_mail_item")),
    )


def downgrade() -> None:
    op.drop_table("mail_item")
    op.drop_index("ix_evidence_sha256", table_name="evidence")
    op.drop_index("ix_evidence_follow_up_id", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_evaluation_follow_up_id_id"), table_name="evaluation")
    op.drop_table("evaluation")
    op.drop_index(op.f("ix_statement_follow_up_id_id"), table_name="statement")
    op.drop_table("statement")
    op.drop_index(op.f("ix_report_follow_up_id_id"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_progress_follow_up_id_id"), table_name="progress")
    op.drop_table("progress")
    op.drop_table("plan")
    op.drop_index(op.f("ix_mail_state_id"), table_name="mail")
    op.drop_index(op.f("ix_mail_recommendation_id_id"), table_name="mail")
    op.drop_index(op.f("ix_mail_follow_up_id_id"), table_name="mail")
    op.drop_table("mail")
    op.drop_index(
        "uq_extension_pending",
        table_name="extension",
        sqlite_where=sa.text("decision is null"),
        postgresql_where=sa.text("decision is null"),
    )
    op.drop_index(op.f("ix_extension_follow_up_id_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_index(op.f("ix_exchange_follow_up_id_id"), table_name="exchange")
    op.drop_table("exchange")
    op.drop_index(
        "ix_escalation_standing_task",
        table_name="escalation",
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(
        "ix_escalation_standing",
        table_name="escalation",
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(op.f("ix_escalation_instance_id_id"), table_name="escalation")
    op.drop_index(op.f("ix_escalation_follow_up_id_id"), table_name="escalation")
    op.drop_table("escalation")
    op.drop_index(op.f("ix_decision_recommendation_id_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_follow_up_id_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(
        op.f("ix_recommendation_institution_institution_recommendation_id"),
        table_name="recommendation_institution",
    )
    op.drop_table("recommendation_institution")
    op.drop_index("ix_membership_institution_code", table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_follow_up_status_deadline_id"), table_name="follow_up")
    op.drop_index(op.f("ix_follow_up_institution_deadline_id"), table_name="follow_up")
    op.drop_index(op.f("ix_follow_up_deadline_id"), table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_table("comment")
    op.drop_index("ix_user_role_role", table_name="user_role")
    op.drop_table("user_role")
    op.drop_index("uq_token_digest", table_name="token")
    op.drop_index("ix_token_user_id", table_name="token")
    op.drop_table("token")
    op.drop_index("ix_session_user_id", table_name="session")
    op.drop_index("ix_session_expires_at", table_name="session")
    op.drop_table("session")
    op.drop_index(
        op.f("ix_overall_evaluation_recommendation_id_id"), table_name="overall_evaluation"
    )
    op.drop_table("overall_evaluation")
    op.drop_index(op.f("ix_meeting_recommendation_id_id"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index("uq_invitation_user_id", table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("institution")
    op.drop_index(op.f("ix_compilation_recommendation_id_id"), table_name="compilation")
    op.drop_table("compilation")
    op.drop_table("calendar_day")
    op.drop_index("uq_user_username", table_name="user")
    op.drop_table("user")
    op.drop_index("ix_upload_task_id", table_name="upload")
    op.drop_index("ix_upload_sha256", table_name="upload")
    op.drop_index("ix_upload_expires_at", table_name="upload")
    op.drop_table("upload")
    op.drop_index("ix_sign_in_attempt_last_at", table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("register_setting")
    op.drop_index(op.f("ix_recommendation_status_id"), table_name="recommendation")
    op.drop_index(op.f("ix_recommendation_predecessor_id"), table_name="recommendation")
    op.drop_table("recommendation")
    op.drop_table("calendar")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_subject", table_name="audit")
    op.drop_table("audit")
