"""When a follow-up was left to finish that was to be carried over; the classification of each part
of a request for reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CLASSIFICATIONS = ("ordinary", "restricted", "secret", "top_secret")
LISTED = ", ".join(f"'{one}'" for one in CLASSIFICATIONS)
ABOUT = """
    SELECT 1 FROM report_request_case
    JOIN follow_up ON follow_up.id = report_request_case.follow_up_id
    JOIN recommendation ON recommendation.id = follow_up.recommendation_id
    WHERE report_request_case.part_id = report_request_part.id
    AND recommendation.classification = :classification
"""


def upgrade() -> None:
    op.add_column("follow_up", sa.Column("left_to_finish_at", UtcDateTime, nullable=True))
    known = sa.CheckConstraint(
        f"classification in ({LISTED})", name=op.f("ck_report_request_part_classification")
    )
    op.add_column(
        "report_request_part",
        sa.Column(
            "classification", sa.String(40), known, nullable=False, server_default="ordinary"
        ),
    )
    # From the lowest on: the highest of its recommendations is written last.
    for one in CLASSIFICATIONS:
        op.get_bind().execute(
            sa.text(
                "UPDATE report_request_part SET classification = :classification"
                f" WHERE EXISTS ({ABOUT})"
            ),
            {"classification": one},
        )


def downgrade() -> None:
    op.drop_column("report_request_part", "classification")
    op.drop_column("follow_up", "left_to_finish_at")
