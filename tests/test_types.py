"""A typing error in a state, a column or a fact is found before the code runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[1]
SNIPPET = """
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.records.states import TaskStatus
from processes.register.states import Deed, Response, Stage, moved
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.cases.follow_up_detail import Exchange, exchanges
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.notices.mail_rows import Mail
from processes.storage.cases.recommendation_rows import Recommendation
from web.api.v1 import shapes


def slips(
    connection: Connection, case: FollowUp, whole: Recommendation, mail: Mail, id: UUID,
    now: datetime,
) -> None:
    {line}
"""
RIGHT = (
    "follow_up_rows.move(connection, case, Deed.REPORT, now, claimed_percent=10)",
    "follow_up_rows.change(connection, id, now, rework_deadline=None)",
    "moved(Stage.PLAN, Response.ACCEPTED)",
    "assert mail.kind != 'digest' and case.role == 'lead'",
    "assert whole.classification == 'ordinary'",
    "shapes.FollowUpBrief.model_fields['role'].is_required()",
)
SLIPS = {
    "Stage.PLANN": "attr-defined",
    "moved('plan', Deed.REPORT)": "arg-type",
    "moved(Stage.PLAN, 'report')": "arg-type",
    "follow_up_rows.move(connection, case, 'report', now)": "arg-type",
    "follow_up_rows.move(connection, case, Deed.REPORT, now, claimed_precent=10)": "call-arg",
    "follow_up_rows.move(connection, case, Deed.REPORT, now, claimed_percent='10')": "arg-type",
    "follow_up_rows.change(connection, id, now, status='closed')": "call-arg",
    "recommendation_rows.change(connection, id, now, letter_nummer='1')": "call-arg",
    "exchanges.add(connection, Exchange(id=id, follow_up_id=id, respons='x'))": "call-arg",
    "exchanges.add(connection, case)": "arg-type",
    "TaskStatus.OPN": "attr-defined",
    "assert mail.kind != 'digset'": "comparison-overlap",
    "assert case.role == 'leading'": "comparison-overlap",
    "assert whole.classification == 'ordinery'": "comparison-overlap",
    "recommendation_rows.change(connection, id, now, priority='hihg')": "arg-type",
}


@pytest.mark.long
def test_a_typo_fails_the_types(tmp_path: Path) -> None:
    lines = [*RIGHT, *SLIPS]
    for number, line in enumerate(lines):
        (tmp_path / f"slip_{number}.py").write_text(SNIPPET.format(line=line))
    files = [str(tmp_path / f"slip_{number}.py") for number in range(len(lines))]
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "c")]
    said, _, _ = api.run([*options, "--follow-imports=silent", *files])
    for number, line in enumerate(lines):
        mine = [one for one in said.splitlines() if f"slip_{number}.py" in one and "error" in one]
        wanted = SLIPS.get(line)
        assert any(f"[{wanted}]" in one for one in mine) if wanted else mine == [], (line, mine)
