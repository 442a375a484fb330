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
from engine.ports.handlers import Handler, Step, Topic
from engine.sentences.errors import Unavailable
from engine.storage import schema
from engine.storage.database.unit_of_work import Database
from processes.acts.bulk import Doing, PartWorker
from processes.acts.service import Options, Service
from processes.agreement import handlers as agreement_handlers
from processes.follow_up import decisions, releasing, replacement
from processes.follow_up import handlers as follow_up_handlers
from processes.ground.outcomes import Outcome
from processes.ground.payloads import DoPart, MakeCompilation, SendMail, SendResetLink
from processes.lifecycle.case import case_of
from processes.lifecycle.late_looks import LOOKS
from processes.lifecycle.options import options_of
from processes.lifecycle.reach import Register
from processes.notices import informed
from processes.notices.arrivals import Arrivals
from processes.notices.mail import MailSender
from processes.notices.notify import Notifier
from processes.notices.texts import ending_letters, letters
from processes.notices.texts.letters import Stationery, Write
from processes.operation.upkeep import daily
from processes.papers import compilation_orders
from processes.papers.compilation_orders import Maker, without_files
from processes.people import stand_ins, succession
from processes.people.links.reset_links import ResetLinks
from processes.rakor import changes, minutes
from processes.rakor import handlers as rakor_handlers
from processes.recommendation import (
    carrying,
    closing,
    finalisation,
    recipients,
    registration,
    services,
)
from processes.recommendation import handlers as recommendation_handlers
from processes.rights.performers import WITHOUT_DATABASE, performers
from processes.rights.scope import operator
from processes.storage.tree import TREE
from processes.work import deadline_mover, late_acts
from processes.work.calendar_changes import keep_zone
from processes.written_report import asking
from processes.written_report import handlers as written_report_handlers

FOLLOW_UP: Final = frozenset({"follow_up"})
RECOMMENDATION: Final = frozenset({"recommendation"})
AGREEMENT: Final = frozenset({"agreement"})
RAKOR: Final = frozenset({"rakor"})
WRITTEN_REPORT: Final = frozenset({"written_report"})
ALL: Final = FOLLOW_UP | RECOMMENDATION | AGREEMENT | RAKOR | WRITTEN_REPORT

OF_FOLLOW_UP: Final[Mapping[str, Handler]] = {
    "record_acknowledgement": follow_up_handlers.record_acknowledgement,
    "record_clarification_answer": follow_up_handlers.record_clarification_answer,
    "record_disagreement_review": follow_up_handlers.record_disagreement_review,
    "record_plan": follow_up_handlers.record_plan,
    "record_progress": follow_up_handlers.record_progress,
    "record_report": follow_up_handlers.record_report,
    "record_sent_report": follow_up_handlers.record_sent_report,
    "record_evaluation": follow_up_handlers.record_evaluation,
    "receipt": follow_up_handlers.receipt,
    "record_release": informed.releasing(releasing.record_release),
    "record_extension_request": decisions.record_extension_request,
    "apply_deadline": decisions.apply_deadline,
}
TOLD: Final[Mapping[str, tuple[Handler, Write]]] = {
    "record_extension_decision": (decisions.record_extension_decision, letters.extension_decided),
}
"""What is recorded of a follow-up and then told to its institution."""
TOLD_TO_HOLDERS: Final[Mapping[str, tuple[str, Handler, Write, Write]]] = {
    "record_replacement": (
        replacement.EVALUATE, replacement.record_replacement, letters.report_taken_back,
        letters.report_taken_back_here,
    ),
}  # fmt: skip
"""What is recorded and told to who had the task that it takes away, and to the institution."""
OF_WRITTEN_REPORT: Final[Mapping[str, Handler]] = {
    "record_progress_report": written_report_handlers.record_progress_report,
    "record_sent_progress_report": written_report_handlers.record_sent_progress_report,
    "record_progress_release": informed.releasing(written_report_handlers.record_progress_release),
    "progress_receipt": written_report_handlers.progress_receipt,
    "drop_ended": written_report_handlers.drop_ended,
}
TOLD_OF_WRITTEN_REPORT: Final[Mapping[str, tuple[Handler, Write]]] = {
    "record_dropped": (written_report_handlers.record_dropped, letters.request_dropped),
}
"""What is recorded of a request and then told to its institution."""
OF_RECOMMENDATION: Final[Mapping[str, Handler]] = {
    "record_comment": recommendation_handlers.record_comment,
    "record_approval": recommendation_handlers.record_approval,
    "record_sending": recommendation_handlers.record_sending,
    "record_meeting": recommendation_handlers.record_meeting,
    "record_overall_evaluation": closing.record_overall_evaluation,
    "record_remaining_decision": closing.record_remaining_decision,
    "record_withdrawal_proposal": recommendation_handlers.record_withdrawal_proposal,
    "count_closed": services.count_closed,
    "compile": services.compile_matrix,
    "draft_next": services.draft_next,
    "record_recipients_change": recipients.record_recipients_change,
    "apply_recipients": recipients.apply_recipients,
}
OF_RAKOR: Final[Mapping[str, Handler]] = {
    "record_preparation": rakor_handlers.record_preparation,
    "record_invitation_decision": rakor_handlers.record_invitation_decision,
    "send_invitations": rakor_handlers.send_invitations,
    "record_position": rakor_handlers.record_position,
    "record_holding": rakor_handlers.record_holding,
    "record_minutes": minutes.record_minutes,
    "record_signature": minutes.record_signature,
    "start_agreements": minutes.start_agreements,
    "apply_change": changes.apply_change,
}
"""They announce themselves what institutions are told."""
SPREAD_OF_FOLLOW_UP: Final[Mapping[str, Callable[[Step], Outcome]]] = {
    "close_follow_up": decisions.close_follow_up,
}
SPREAD_AND_TOLD: Final[Mapping[str, tuple[Callable[[Step], Outcome], Write]]] = {
    "record_not_feasible_decision": (
        decisions.record_not_feasible_decision, ending_letters.not_feasible
    ),
    "withdraw_follow_up": (decisions.withdraw_follow_up, ending_letters.withdrawn),
}  # fmt: skip
"""What is recorded of a follow-up, and told to the ministry and to the institution."""
SPREAD_OF_RECOMMENDATION: Final[Mapping[str, Callable[[Step], Outcome]]] = {
    "record_withdrawal_decision": recommendation_handlers.record_withdrawal_decision,
    "record_recipients_decision": recipients.record_recipients_decision,
    "record_registration": carrying.addressing(registration.record_registration),
    "record_finalisation": carrying.addressing(finalisation.record_finalisation),
    "issue": services.issue,
    "settle_remaining": closing.settle_remaining,
    "close_recommendation": closing.close_recommendation,
    "withdraw_all": informed.withdrawing(services.withdraw_all),
}
"""What is recorded and then told to whom it concerns besides."""
OF_AGREEMENT: Final[Mapping[str, Handler]] = {
    "record_fulfilment": agreement_handlers.record_fulfilment,
    "record_fulfilment_check": agreement_handlers.record_fulfilment_check,
    "withdraw_agreement": agreement_handlers.withdraw_agreement,
}
SPREAD_OF_AGREEMENT: Final[Mapping[str, Callable[[Step], Outcome]]] = {
    "record_void_decision": agreement_handlers.record_void_decision,
}
ISSUE: Final = "issue"
APPLY: Final = "apply_recipients"
PARTS: Final[Mapping[str, Doing]] = {
    deadline_mover.MOVES: deadline_mover.move,
    late_acts.KIND: late_acts.do_part,
    succession.BEGIN: succession.begin,
    succession.HAND_OVER: succession.hand_over,
    stand_ins.BEGIN: stand_ins.begin_on_its_day,
    stand_ins.END: stand_ins.end_on_its_day,
    asking.KIND: asking.send,
}
"""What a part of each act on many does."""
NOTIFY: Final = "notify"

MODELS: Final = Path(__file__).parent
SHIPPED: Final = ("follow_up", "recommendation", "agreement", "rakor", "written_report")
"""Keys of the shipped models, each in a folder of that name."""
SHARED_MODELS: Final = "lifecycle"
"""Files that several of them use."""
MODEL_FILES: Final = (".bpmn", ".dmn", ".form")
PUBLISHER: Final = "tindak"
"""The author of the shipped models' deployment."""


def open_service(
    url: str,
    options: Options,
    clock: Callable[[], datetime] | None = None,
    write: compilation_orders.Write | None = None,
) -> Service:
    """Open the product on a database. Creates both schemas in an empty one. Deploys the shipped
    models if their key is new or only shipped versions exist. `write`: makes the files of ordered
    compilations; without it none are made.

    Raises `Unavailable` for a schema of another version, `ModelError` for shipped models that do
    not fit this engine.
    """
    service = _composed(url, options, clock, write)
    TREE.prepare(service.engine.database)
    keep_zone(service, operator(), options.zone)
    deploy_shipped(service.engine)
    return service


def open_as_it_is(url: str, options: Options) -> Service:
    """Open the product for looking only: nothing is created, filled or deployed. Raises
    `Unavailable` for a schema that is not there or of another version."""
    service = _composed(url, options, None, None, as_it_is=True)
    try:
        TREE.check(service.engine.database)
    except Unavailable:
        service.close()
        raise
    return service


def _composed(
    url: str,
    options: Options,
    clock: Callable[[], datetime] | None,
    write: compilation_orders.Write | None,
    *,
    as_it_is: bool = False,
) -> Service:
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
        performers=performers,
        tell=Arrivals(notifier).tell,
        translated=options.translated,
        senders=senders,
        daily=daily(options.evidence_dir),
        examine=apart.SHARED.examine,
        as_it_is=as_it_is,
    )
    service = Service(engine, options, notifier)
    # These senders need the engine whose loop they serve.
    senders[DoPart.kind] = PartWorker(service, PARTS)
    senders[SendResetLink.kind] = ResetLinks(service)
    senders[MakeCompilation.kind] = Maker(service, write or without_files)
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
    told |= {name: notifier.telling_holders(*all) for name, all in TOLD_TO_HOLDERS.items()}
    told |= {
        name: notifier.telling(notifier.spreading(record), write)
        for name, (record, write) in SPREAD_AND_TOLD.items()
    }
    of_written_report = {
        **OF_WRITTEN_REPORT,
        **{name: notifier.telling(*both) for name, both in TOLD_OF_WRITTEN_REPORT.items()},
    }
    of_follow_up = {**OF_FOLLOW_UP, **told, **_spreading(notifier, SPREAD_OF_FOLLOW_UP)}
    of_agreement = {**OF_AGREEMENT, **_spreading(notifier, SPREAD_OF_AGREEMENT)}
    return {
        **{name: Topic(handler, FOLLOW_UP) for name, handler in of_follow_up.items()},
        **{name: Topic(handler, RECOMMENDATION) for name, handler in _of_whole(notifier).items()},
        **{name: Topic(handler, AGREEMENT) for name, handler in of_agreement.items()},
        **{name: Topic(handler, RAKOR) for name, handler in OF_RAKOR.items()},
        **{name: Topic(handler, WRITTEN_REPORT) for name, handler in of_written_report.items()},
        NOTIFY: Topic(notifier.notify, ALL),
    }


def _of_whole(notifier: Notifier) -> dict[str, Handler]:
    """The handlers of a recommendation, each with whom it tells."""
    of_whole = {**OF_RECOMMENDATION, **_spreading(notifier, SPREAD_OF_RECOMMENDATION)}
    of_whole[APPLY] = informed.copying_changes(recipients.apply_recipients, recipients.copied)
    of_whole[ISSUE] = notifier.copying(of_whole[ISSUE])
    return of_whole


def _spreading(
    notifier: Notifier, records: Mapping[str, Callable[[Step], Outcome]]
) -> dict[str, Handler]:
    return {name: notifier.spreading(record) for name, record in records.items()}


def known_topics() -> dict[str, frozenset[str]]:
    """Topic -> the processes that may call it."""
    return {
        **dict.fromkeys(
            [*OF_FOLLOW_UP, *TOLD, *TOLD_TO_HOLDERS, *SPREAD_OF_FOLLOW_UP, *SPREAD_AND_TOLD],
            FOLLOW_UP,
        ),
        **dict.fromkeys([*OF_RECOMMENDATION, *SPREAD_OF_RECOMMENDATION], RECOMMENDATION),
        **dict.fromkeys([*OF_AGREEMENT, *SPREAD_OF_AGREEMENT], AGREEMENT),
        **dict.fromkeys(OF_RAKOR, RAKOR),
        **dict.fromkeys([*OF_WRITTEN_REPORT, *TOLD_OF_WRITTEN_REPORT], WRITTEN_REPORT),
        NOTIFY: ALL,
    }


def known() -> Known:
    """The names that models may refer to, for checking models without a database."""
    return Known(
        topics=known_topics(),
        performers=WITHOUT_DATABASE,
        cases=Register.processes,
        case_names=Register.names,
    )


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
