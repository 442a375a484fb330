"""The composition of the product: engine, register, handlers and mail are built together once.

Owns the dependencies between them. Everything is a parameter; this module reads no environment and
no request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from engine import Engine
from engine.deployment import apart
from engine.later.loop import Sender
from engine.models.checks import Known
from engine.ports.handlers import Handler, Topic
from engine.storage import schema
from engine.storage.database.unit_of_work import Database
from processes.acts.bulk import Doing, PartWorker
from processes.acts.service import Options, Service
from processes.follow_up import decisions
from processes.follow_up import handlers as follow_up_handlers
from processes.ground.payloads import DoPart, SendMail, SendResetLink
from processes.lifecycle.case import case_of
from processes.lifecycle.late_looks import LOOKS
from processes.lifecycle.options import options_of
from processes.lifecycle.reach import Register
from processes.notices import letters
from processes.notices.letters import Stationery
from processes.notices.mail import MailSender
from processes.notices.notify import Notifier, Write
from processes.operation.upkeep import daily
from processes.people.reset_links import ResetLinks
from processes.recommendation import handlers as recommendation_handlers
from processes.recommendation import registration, services
from processes.rights.scope import operator
from processes.storage.tree import TREE
from processes.work import deadline_mover, late_acts
from processes.work.calendar_changes import keep_zone

FOLLOW_UP: Final = frozenset({"follow_up"})
RECOMMENDATION: Final = frozenset({"recommendation"})
BOTH: Final = FOLLOW_UP | RECOMMENDATION

OF_FOLLOW_UP: Final[Mapping[str, Handler]] = {
    "record_acknowledgement": follow_up_handlers.record_acknowledgement,
    "record_clarification_answer": follow_up_handlers.record_clarification_answer,
    "record_disagreement_review": follow_up_handlers.record_disagreement_review,
    "record_plan": follow_up_handlers.record_plan,
    "record_progress": follow_up_handlers.record_progress,
    "record_report": follow_up_handlers.record_report,
    "record_evaluation": follow_up_handlers.record_evaluation,
    "receipt": follow_up_handlers.receipt,
    "record_not_feasible_decision": decisions.record_not_feasible_decision,
    "record_extension_request": decisions.record_extension_request,
    "apply_deadline": decisions.apply_deadline,
    "close_follow_up": decisions.close_follow_up,
}
TOLD: Final[Mapping[str, tuple[Handler, Write]]] = {
    "record_extension_decision": (decisions.record_extension_decision, letters.extension_decided),
    "withdraw_follow_up": (decisions.withdraw_follow_up, letters.withdrawn),
}
"""What is recorded of a follow-up and then told to its institution."""
OF_RECOMMENDATION: Final[Mapping[str, Handler]] = {
    "record_registration": registration.record_registration,
    "record_comment": recommendation_handlers.record_comment,
    "record_finalisation": recommendation_handlers.record_finalisation,
    "record_approval": recommendation_handlers.record_approval,
    "record_sending": recommendation_handlers.record_sending,
    "record_meeting": recommendation_handlers.record_meeting,
    "record_overall_evaluation": recommendation_handlers.record_overall_evaluation,
    "record_withdrawal_proposal": recommendation_handlers.record_withdrawal_proposal,
    "record_withdrawal_decision": recommendation_handlers.record_withdrawal_decision,
    "issue": services.issue,
    "count_closed": services.count_closed,
    "compile": services.compile_matrix,
    "draft_next": services.draft_next,
    "close_recommendation": services.close_recommendation,
    "withdraw_all": services.withdraw_all,
}
PARTS: Final[Mapping[str, Doing]] = {
    deadline_mover.MOVES: deadline_mover.move,
    late_acts.KIND: late_acts.do_part,
}
"""What a part of each act on many does."""
NOTIFY: Final = "notify"

MODELS: Final = Path(__file__).parent
SHIPPED: Final = ("follow_up", "recommendation")
"""Keys of the shipped models, each in a folder of that name."""
SHARED_MODELS: Final = "lifecycle"
"""Files that several of them use."""
MODEL_FILES: Final = (".bpmn", ".dmn", ".form")
PUBLISHER: Final = "tindak"
"""The author of the shipped models' deployment."""


def open_service(
    url: str, options: Options, clock: Callable[[], datetime] | None = None
) -> Service:
    """Open the product on a database. Creates both schemas in an empty one. Deploys the shipped
    models if their key is new or only shipped versions exist.

    Raises `Unavailable` for a schema of another version, `ModelError` for shipped models that do
    not fit this engine.
    """
    paper = Stationery(options.base_url, options.addresses, options.demo)
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
    # These senders need the engine whose loop they serve.
    senders[DoPart.kind] = PartWorker(service, PARTS)
    senders[SendResetLink.kind] = ResetLinks(service)
    TREE.prepare(engine.database)
    keep_zone(service, operator(), options.zone)
    deploy_shipped(engine)
    return service


def migrate(url: str) -> list[tuple[str, str]]:
    """Bring both schemas of a database to this version; return the name and version of each."""
    database = Database(url)
    try:
        for tree in (schema.TREE, TREE):
            tree.upgrade(database)
    finally:
        database.dispose()
    return [(tree.name, tree.head()) for tree in (schema.TREE, TREE)]


def topics(notifier: Notifier) -> dict[str, Topic]:
    """Every topic with the processes that may call it."""
    told = {name: notifier.telling(*both) for name, both in TOLD.items()}
    return {
        **{name: Topic(handler, FOLLOW_UP) for name, handler in {**OF_FOLLOW_UP, **told}.items()},
        **{name: Topic(handler, RECOMMENDATION) for name, handler in OF_RECOMMENDATION.items()},
        NOTIFY: Topic(notifier.notify, BOTH),
    }


def known_topics() -> dict[str, frozenset[str]]:
    """Topic -> the processes that may call it."""
    return {
        **dict.fromkeys([*OF_FOLLOW_UP, *TOLD], FOLLOW_UP),
        **dict.fromkeys(OF_RECOMMENDATION, RECOMMENDATION),
        NOTIFY: BOTH,
    }


def known() -> Known:
    """The names that models may refer to, for checking models without a database."""
    return Known(topics=known_topics(), cases=Register.processes, case_names=Register.names)


def shipped_files(key: str) -> dict[str, bytes]:
    """File name -> content of the shipped model `key` with the files it shares with others."""
    return {
        file.name: file.read_bytes()
        for folder in (SHARED_MODELS, key)
        for file in sorted((MODELS / folder).iterdir())
        if file.suffix in MODEL_FILES
    }


def deploy_shipped(engine: Engine) -> list[str]:
    """Deploy the shipped models; if an owner has released a version of their own, offer a changed
    one as a draft. Return the keys that were checked; none if nothing has changed."""
    newest = {one.key: one for one in engine.versions()}
    changed = []
    for key in SHIPPED:
        files, version = shipped_files(key), newest.get(key)
        # Compared first, because the checks of a deployment take a second that a start need not
        # spend.
        if version is None or engine.files(version.id) != files:
            engine.ship(files, PUBLISHER)
            changed.append(key)
    return changed
