"""The composition of the product: engine, register, handlers and mail built together once.

Owns what knows what. Everything is passed in; nothing here reads the environment or a request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from engine import Engine, apart
from engine.handlers import Topic
from engine.jobs import Sender
from engine.looks import Looks
from engine.models.checks import Known
from engine.storage import schema
from engine.storage.unit_of_work import Database
from processes import deadline_mover
from processes.bulk import PartWorker
from processes.calendar_changes import keep_zone
from processes.case import case_of
from processes.common.notify import Notifier
from processes.follow_up import decisions as follow_up_decisions
from processes.follow_up import handlers as follow_up_handlers
from processes.letters import Stationery
from processes.mail import MailSender
from processes.options import options_of
from processes.payloads import DoPart, SendMail, SendResetLink
from processes.reach import Register
from processes.recommendation import handlers as recommendation_handlers
from processes.recommendation import registration
from processes.recommendation import services as recommendation_services
from processes.reset_links import ResetLinks
from processes.scope import operator
from processes.service import Options, Service
from processes.storage.tree import TREE
from processes.upkeep import daily
from processes.wording import untranslated

FOLLOW_UP: Final = frozenset({"follow_up"})
RECOMMENDATION: Final = frozenset({"recommendation"})
BOTH: Final = FOLLOW_UP | RECOMMENDATION

MODELS: Final = Path(__file__).parent
SHIPPED: Final = ("follow_up", "recommendation")
"""Keys of the shipped models, each in a folder of that name."""
COMMON_FOLDER: Final = "common"
"""Files that several of them use."""
MODEL_FILES: Final = (".bpmn", ".dmn", ".form")
LOOKS: Final = Looks(time(7, 30), timedelta(minutes=90), "normal")
"""Late tasks are looked at from 07.30 to 09.00, before people begin."""
PUBLISHER: Final = "tindak"
"""Who deployed the shipped models."""


def open_service(
    url: str, options: Options, clock: Callable[[], datetime] | None = None
) -> Service:
    """Open the product on a database: creates both schemas in an empty one, deploys the shipped
    models when their key is new or only shipped versions stand.

    Raises `Unavailable` for a schema of another version, `ModelError` for shipped models that do
    not fit this engine.
    """
    paper = Stationery(options.base_url, options.demo)
    notifier = Notifier(paper, options.translate, options.domain)
    sender = options.mail_from or f"Tindak <tindak@{options.domain}>"
    senders: dict[str, Sender] = {
        SendMail.kind: MailSender(
            options.smtp_url, sender, paper, options.translate, options.zone, options.smtp_tls
        )
    }
    engine = Engine.open(
        url,
        handlers=topics(notifier),
        clock=clock,
        case=case_of,
        options=options_of,
        cases=Register(),
        looks=LOOKS,
        senders=senders,
        daily=daily(options.evidence_dir),
        examine=apart.SHARED.examine,
    )
    service = Service(engine, options, notifier)
    # These need the engine whose loop they serve.
    senders[DoPart.kind] = PartWorker(service, {deadline_mover.MOVES: deadline_mover.move})
    senders[SendResetLink.kind] = ResetLinks(service)
    TREE.prepare(engine.database)
    keep_zone(service, operator(), options.zone)
    deploy_shipped(engine)
    return service


def migrate(url: str) -> list[tuple[str, str]]:
    """Bring both schemas of a database to this version; the name and version of each."""
    database = Database(url)
    try:
        for tree in (schema.TREE, TREE):
            tree.upgrade(database)
    finally:
        database.dispose()
    return [(tree.name, tree.head()) for tree in (schema.TREE, TREE)]


def topics(notifier: Notifier) -> dict[str, Topic]:
    """Every topic with the processes that may call it."""
    fh, fd = follow_up_handlers, follow_up_decisions
    rh, rs = recommendation_handlers, recommendation_services
    of_follow_up = {
        "record_acknowledgement": fh.record_acknowledgement,
        "record_clarification_answer": fh.record_clarification_answer,
        "record_disagreement_review": fh.record_disagreement_review,
        "record_plan": fh.record_plan,
        "record_progress": fh.record_progress,
        "record_report": fh.record_report,
        "record_evaluation": fh.record_evaluation,
        "receipt": fh.receipt,
        "record_not_feasible_decision": fd.record_not_feasible_decision,
        "record_extension_request": fd.record_extension_request,
        "record_extension_decision": notifier.record_extension_decision,
        "apply_deadline": fd.apply_deadline,
        "close_follow_up": fd.close_follow_up,
        "withdraw_follow_up": notifier.withdraw_follow_up,
    }
    of_recommendation = {
        "record_registration": registration.record_registration,
        "record_comment": rh.record_comment,
        "record_finalisation": rh.record_finalisation,
        "record_approval": rh.record_approval,
        "record_sending": rh.record_sending,
        "record_meeting": rh.record_meeting,
        "record_overall_evaluation": rh.record_overall_evaluation,
        "record_withdrawal_proposal": rh.record_withdrawal_proposal,
        "record_withdrawal_decision": rh.record_withdrawal_decision,
        "issue": rs.issue,
        "count_closed": rs.count_closed,
        "compile": rs.compile_matrix,
        "draft_next": rs.draft_next,
        "close_recommendation": rs.close_recommendation,
        "withdraw_all": rs.withdraw_all,
    }
    return {
        **{name: Topic(handler, FOLLOW_UP) for name, handler in of_follow_up.items()},
        **{name: Topic(handler, RECOMMENDATION) for name, handler in of_recommendation.items()},
        "notify": Topic(notifier.notify, BOTH),
    }


def known_topics() -> dict[str, frozenset[str]]:
    """Topic -> the processes that may call it."""
    nobody = Notifier(Stationery("", False), untranslated, "")
    return {name: topic.processes for name, topic in topics(nobody).items()}


def known() -> Known:
    """What models may refer to, for checking them without a database."""
    return Known(topics=known_topics(), cases=Register.processes, case_names=Register.names)


def shipped_files(key: str) -> dict[str, bytes]:
    """File name -> content of the shipped model `key` with the files it shares with others."""
    return {
        file.name: file.read_bytes()
        for folder in (COMMON_FOLDER, key)
        for file in sorted((MODELS / folder).iterdir())
        if file.suffix in MODEL_FILES
    }


def deploy_shipped(engine: Engine) -> list[str]:
    """Deploy the shipped models, or offer a changed one as a draft where an owner has released a
    version of their own. Returns the keys that were looked at; none when nothing has changed."""
    newest = {one.key: one for one in engine.versions()}
    changed = []
    for key in SHIPPED:
        files, version = shipped_files(key), newest.get(key)
        # Compared first, because the checks of a deployment take a second that a start need not.
        if version is None or engine.files(version.id) != files:
            engine.ship(files, PUBLISHER)
            changed.append(key)
    return changed
