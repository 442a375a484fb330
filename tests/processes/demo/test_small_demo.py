"""The small demo is played to its end on the models that are shipped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.storage.tables import instance
from engine.time.clock import ManualClock
from processes.acts.service import Options
from processes.composition import open_service
from processes.demo.play import play
from processes.demo.script import STORY
from processes.operation.readiness import DEMO_COMPLETE
from processes.people.seed import seed_institutions
from processes.register.agreement_states import AgreementKind, AgreementState
from processes.register.states import MeetingState, RecommendationState, Stage
from processes.rights.access import operator
from processes.storage.operation.settings import read_setting
from processes.storage.tables.agreements import agreement, meeting_statement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting, meeting_institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from processes.storage.tables.written_reports import report_request_part
from web.addresses import ADDRESSES


@pytest.mark.long
def test_the_demo_is_played_to_its_end(tmp_path: Path) -> None:
    now, told = datetime(2026, 3, 17, 3, 0, tzinfo=UTC), list[str]()
    clock = ManualClock(now)
    options = Options(
        data_dir=tmp_path, base_url="http://localhost", addresses=ADDRESSES, demo=True
    )
    service = open_service(f"sqlite:///{tmp_path / 'tindak.db'}", options, clock)
    try:
        seed_institutions(service, operator())
        service.engine.database.hurry()
        play(service, clock, now, "a password of the demo", told.append, None)
        with service.reading() as connection:
            assert read_setting(connection, DEMO_COMPLETE)
            rows = connection.execute(select(recommendation.c.status, recommendation.c.id)).all()
            instances = connection.execute(select(instance.c.id)).all()
            old = connection.scalars(select(follow_up.c.status)).all()
            asked = connection.scalars(select(report_request_part.c.state)).all()
            rakor = connection.scalars(select(meeting.c.state).order_by(meeting.c.id)).all()
            silent = connection.scalars(
                select(meeting_institution.c.institution).where(
                    meeting_institution.c.sent_at.is_not(None),
                    meeting_institution.c.answered_at.is_(None),
                )
            ).all()
            settled = connection.execute(
                select(agreement.c.kind, agreement.c.status, agreement.c.deadline).order_by(
                    agreement.c.number
                )
            ).all()
            said = connection.scalar(select(func.count()).select_from(meeting_statement))
            taken_back = connection.scalars(select(report.c.replaced_reason)).all()
            chained = connection.scalars(
                select(recommendation.c.issued_at).where(
                    recommendation.c.predecessor_id.is_not(None)
                )
            ).all()
        assert [row.status for row in rows].count(RecommendationState.CLOSED) == 1
        assert old.count(Stage.CARRIED_OVER) == 2, "the closed one carried over what was open"
        assert [one is not None for one in chained] == [True], "and its next one is issued"
        assert len([one for one in taken_back if one]) == 1, "a report was corrected"
        assert set(asked) == {"asked", "answered", "dropped"}, "reports were asked for"
        assert rakor == [MeetingState.SIGNED, MeetingState.INVITED]
        assert set(silent) == {"kemhan", "kemenperin"}, "the second one waits for their positions"
        assert said == 2, "what was said in the first one"
        assert [(one.kind, one.status) for one in settled] == [
            (AgreementKind.AGREEMENT, AgreementState.FULFILLED),
            (AgreementKind.AGREEMENT, AgreementState.FULFIL),
            (AgreementKind.DIRECTIVE, AgreementState.FULFIL),
        ]
        assert settled[1].deadline < now.date() < settled[2].deadline, "one is late"
        assert service.engine.incidents() == []
        begun = [service.engine.instance(row.id).started_at for row in instances]
        released = {version.at for version in service.engine.versions()}
        assert len(released) == 1
        assert max(released) <= min(begun), "no version is younger than a case of the story"
    finally:
        service.close()
    assert any(f"of {len(STORY) + 1} recommendations" in one for one in told)
