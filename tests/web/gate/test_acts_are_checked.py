"""What cannot be taken back is read in words before it is done: who is told, what moves, what ends.

Every address that receives something stands here: with the page that says what will happen, or with
the reason why none does. So a new one has to be thought about.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from engine.storage import tables
from engine.time.clock import ManualClock
from processes.composition import open_service, shipped_files
from processes.storage.cases import follow_up_rows
from processes.storage.people import users
from processes.storage.tables.authentication import token as tokens
from processes.storage.tables.notices import mail
from processes.storage.tables.people import user
from processes.storage.tables.recommendations import recommendation
from tests.engine.models.building import bpmn, end, process, start, user_task
from tests.processes.stories.world import MONDAY, options
from tests.web.cases.test_correction_pages import PLAN
from tests.web.cases.test_follow_up_pages import words
from tests.web.compiled import application
from tests.web.conftest import Office, heading, text
from tests.web.gate.test_policy import PEOPLE
from tests.web.large_office import STAND_IN, addresses, founded
from web.configuration.settings import read_settings

LEAVE: Final = bpmn(process("leave", start(), user_task("ask"), end()))
CODE: Final = "kemenkeu"
ASKED: Final[Mapping[str, str]] = {
    "tasks.complete": "tasks.see_check",
    "task_acts.send_reminder": "task_acts.remind",
    "extension_requests.send": "extension_requests.check",
    "recipients.send": "recipients.check",
    "late_acts.decide": "late_acts.check",
    "calendar.save": "calendar.check",
    "deployments.deploy": "deployments.check",
    "drafts.release": "drafts.check_release",
    "drafts.discard": "drafts.check_discard",
    "incidents.discard": "incidents.check_discard",
    "institutions.close": "institutions.check_close",
    "instances.end": "instances.check_end",
    "topics.retry": "topics.check_retry",
    "topics.retry_all": "topics.check_retry_all",
    "users.close": "users.check_close",
    "approvals.approve": "approvals.show",
    "approvals.refuse": "approvals.show",
}
"""Endpoint -> the page, with an address of its own, that says what will happen."""
SAID_FIRST: Final = frozenset(
    {
        "task_acts.move_deadline",
        "task_acts.hand_over",
        "tasks.pass_on",
        "reminder_letters.mark_sent",
        "statements.record",
        "withdrawals.propose",
        "plan_revisions.revise",
        "report_replacements.replace",
        "follow_up_withdrawals.withdraw",
        "outbox.resend",
        "users.create",
        "users.change_rights",
        "users.make_link",
        "stand_ins.name",
        "stand_ins.end",
        "institutions.set_approval",
        "tokens.revoke",
        "service_accounts.revoke",
        "instances.start_activity",
        "instances.complete_ad_hoc",
    }
)
"""These answer the first button with what will happen, and the second one with what happened."""
FREE: Final[Mapping[str, str]] = {
    "account.change_mail": "to one's own mail, with the password; it is changed back the same way",
    "account.change_password": "the form says that sessions end, and asks for the password twice",
    "account.end_others": "with the password; whoever is signed out signs in again",
    "account.end_session": "with the password; whoever is signed out signs in again",
    "account.save": "one's own display",
    "calendar.check": "only shows",
    "templates.bring": "a template counts only when it is chosen, after its preview",
    "templates.choose": "its preview stands beside the button; the shipped one comes back at once",
    "templates.give_up": "the page says which template counts; the other one is chosen again there",
    "compilation_orders.order": "makes a document of what stands there, and moves nothing",
    "deployments.check": "only shows",
    "drafts.problems": "only shows",
    "drafts.replace": "a draft: nothing of it runs",
    "drafts.save": "a draft: nothing of it runs",
    "drafts.take_in": "a draft: nothing of it runs",
    "extension_requests.again": "only shows",
    "extension_requests.check": "only shows",
    "follow_ups.set_kind": "is set again the same way, and nobody is told",
    "forgotten.ask": "to the mail of whoever asks; the answer is the same for all names",
    "incidents.retry": "repeats what somebody has checked and sent already",
    "incidents.revive": "repeats what somebody has checked and sent already",
    "institutions.change": "is changed again the same way",
    "institutions.check_close": "only shows",
    "institutions.create": "is changed again the same way, or closed",
    "language.choose": "one's own display",
    "link.set_password": "one's own password, by a link that says whose it is",
    "login.sign_in": "one's own session",
    "login.sign_in_as": "one's own session",
    "login.sign_out": "one's own session",
    "meeting_changes.again": "only shows",
    "meeting_changes.check": "only shows",
    "meeting_changes.send": "is sent by the page that shows it in words",
    "meeting_session.attendance": "a small step in a meeting; typed again until it is signed",
    "meeting_session.change": "a small step in a meeting; typed again until it is signed",
    "meeting_session.correct": "a small step in a meeting; typed again until it is signed",
    "meeting_session.say": "a small step in a meeting; typed again until it is signed",
    "meeting_session.settle": "a small step in a meeting; typed again until it is signed",
    "meetings.begin": "nobody is told of a rakor before its invitations are approved",
    "meetings.cover": "is chosen again the same way until the invitations are approved",
    "requests.ask": "is sent by the page that shows it in words",
    "requests.begin": "a task of one's own institution, which it may leave unsent",
    "requests.let_off": "is sent by the page that says what ends, with a reason",
    "recommendations.begin": "a draft of one's own, which the check before registering shows",
    "recommendations.outlook": "only shows",
    "recommendations.redraw": "only shows",
    "recipients.again": "only shows",
    "recipients.check": "only shows",
    "saved_lists.delete": "one's own display",
    "saved_lists.rename": "one's own display",
    "saved_lists.save": "one's own display",
    "service_accounts.allow": "with the password; more waits for a second administrator",
    "service_accounts.create": "a program can do nothing before it has a token",
    "service_accounts.create_token": "with the password; it is revoked the same way",
    "reminder_letters.file_scan": "a file beside a sent letter; another is filed the same way",
    "receipts.file_scan": "a file beside a receipt; another one is filed the same way",
    "tasks.check": "only shows",
    "tasks.claim": "is given back by one button",
    "tasks.redraw": "only shows",
    "tasks.save_draft": "a draft of one's own",
    "tasks.take_back": "a draft of one's own; what counted before is kept",
    "tasks.unclaim": "is taken again by one button",
    "tokens.create": "with the password; it is revoked the same way",
    "topics.release": "beside the button stands what happens to the work; it is offered again",
    "uploads.add": "a file of one's own, beside a draft",
    "users.change_details": "another address needs the password, and the old one is told",
    "users.reopen": "beside the button stands what comes back; it is closed the same way",
}
"""Endpoint -> why nobody is asked once more."""


@dataclass
class Large:
    """An office with one of everything. `pages`: endpoint -> addresses; `late`: the follow-up that
    waits for kemhan; `returned`: the one whose report was; `judged`: one of kemenkeu in
    evaluation; both go on after their recommendation; `failed`: a mail; `token`: of the
    administrator; `choice`: where an instance waits for a choice of `activity`; `deputy`: the
    contact of `CODE`."""

    office: Office
    pages: Mapping[str, Sequence[str]]
    late: str
    returned: str
    judged: str
    failed: str
    token: str
    choice: str
    activity: str
    deputy: str


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    """One of everything, read in English."""
    folder = tmp_path_factory.mktemp("checked")
    url = f"sqlite:///{folder / 'tindak.db'}"
    known = founded(url, folder)
    clock = ManualClock(MONDAY + timedelta(days=25))
    service = open_service(url, options(folder), clock)
    form = shipped_files("follow_up")["report.form"].replace(b'"Nomor surat"', b'"Nomor"')
    service.engine.save_model_draft("follow_up", "report.form", form, "owner")
    with service.transaction() as connection:
        connection.execute(update(user).values(locale="en"))
        to_kemhan = mail.c.to_user == "kemhan"
        failed = connection.scalars(select(mail.c.id).where(to_kemhan).limit(1)).one()
        wrong = update(mail).where(mail.c.id == failed)
        connection.execute(wrong.values(state="failed", kind="notice", error="550"))
        mine = select(tokens.c.id).join(user, user.c.id == tokens.c.user_id)
        token = connection.scalars(mine.where(user.c.username == "admin").limit(1)).one()
        deputy = users.members_of(connection, CODE, "contact")[0].id
        late, returned, judged = (
            next(
                str(one.id)
                for one in follow_up_rows.of_recommendation(connection, case)
                if one.institution == code
            )
            for case, code in (
                (known.cases.first, "kemhan"),
                (known.cases.second, "kemhan"),
                (known.cases.second, "kemenkeu"),
            )
        )
        ended = update(recommendation).where(recommendation.c.id == known.cases.second)
        connection.execute(ended.values(status="closed", closed_at=clock.now))
    app = application(service, read_settings({"TINDAK_DATA_DIR": str(folder)}))
    office = Office(app, service, clock, known.cases)
    office.colleague("kemhan")
    pages = {**{rule.endpoint: [rule.rule] for rule in plain(app)}, **addresses(office, known)}
    choosing = text(office.enter("owner").get(pages["instances.activities"][0]))
    choice = re.search(r'action="(/instances/[^"]+/activities/[^"/]+)"', choosing)
    activity = re.search(r'name="activity" value="([^"]+)"', choosing)
    assert choice, choosing
    assert activity, choosing
    yield Large(
        office, pages, late, returned, judged, f"/outbox/{failed}", str(token), choice[1],
        activity[1], str(deputy),
    )  # fmt: skip
    service.close()


def plain(app: Flask) -> Iterator[Rule]:
    """Pages whose address names nothing."""
    return (one for one in app.url_map.iter_rules() if not one.arguments)


def test_each_address_that_receives_something_is_thought_about(office: Office) -> None:
    pages = [
        rule
        for rule in office.app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT"}
    ]
    of_programs = ("engine_rest.", "v1.")
    received = {one.endpoint for one in pages if not one.endpoint.startswith(of_programs)}
    assert received == {*ASKED, *SAID_FIRST, *FREE}
    assert len(received) == len(ASKED) + len(SAID_FIRST) + len(FREE), "each stands in one list"


@dataclass(frozen=True)
class Example:
    """Somebody does something at an address; before it is done, these words are read."""

    who: str
    address: Callable[[Large], str]
    typed: Mapping[str, str]
    told: Sequence[str]


def task(large: Large) -> str:
    """kemhan's acknowledgement, which is late."""
    found = [
        one.id
        for one in large.office.service.engine.tasks(limit=1000)
        if one.element_id == "acknowledge" and one.business_key == large.late
    ]
    return f"/tasks/{min(found)}"


def of(endpoint: str, end: str = "", cut: str = "") -> Callable[[Large], str]:
    """The first address of a page, with another end."""
    return lambda large: large.pages[endpoint][0].removesuffix(cut) + end


POSTED: Final[Mapping[str, tuple[str, Callable[[Large], str], Mapping[str, Any]]]] = {
    "extension_requests.check": (
        "kemhan",
        lambda large: f"/follow-ups/{large.returned}/extension/check",
        {"deadline": "20/6/2026", "reason": "Menunggu data.", "letter_number": "B/7/2026"},
    ),
    "recipients.check": (
        "coordinator",
        of("recipients.show", "/check"),
        {
            "taken_out": "kemenperin",
            "letter_number": "U-9/2026",
            "reason": "Tugasnya beralih.",
        },
    ),
    "calendar.check": (
        "admin",
        lambda _: "/calendar/check",
        {
            "calendar": "common",
            "day": "20/5/2026",
            "kind": "holiday",
            "name": "Libur",
            "decree": "SKB 2026",
        },
    ),
    "deployments.check": (
        "owner",
        lambda _: "/deployments/check",
        {"files": (io.BytesIO(LEAVE), "leave.bpmn")},
    ),
    "institutions.check_close": (
        "admin",
        of("institutions.show", "/close/check"),
        {"last_day": "31/12/2026", "successor": "", "letter": "UU 9/2026"},
    ),
}
"""Pages that are shown for what was typed: by whom, where, and what."""


@pytest.mark.parametrize("act", sorted(ASKED))
def test_the_button_of_an_act_stands_on_the_page_that_says_what_it_does(
    large: Large, act: str
) -> None:
    office = large.office
    forms = {rule.endpoint: rule.rule for rule in office.app.url_map.iter_rules()}
    aim = re.compile('action="' + re.sub(r"<[^>]+>", '[^/"]+', forms[act]) + '"')
    people = [office.enter(name) for name in (*PEOPLE, "kemenperin")]
    if (shown := ASKED[act]) in POSTED:
        who, address, typed = POSTED[shown]
        pages = iter([office.enter(who).post(address(large), typed)])
    else:
        pages = (one.get(address) for address in large.pages[shown] for one in people)
    assert any(aim.search(text(page)) for page in pages), act


EXAMPLES: Final[Mapping[str, Example]] = {
    "task_acts.move_deadline": Example(
        "asdep",
        lambda large: f"{task(large)}/extend",
        {"due": "1/6/2026", "reason": "Menunggu surat.", "case_too": "true"},
        (
            "Menunggu surat.",
            "The task “Acknowledge” is due on Monday, 1 June 2026",
            "The deadline of the follow-up moves from Thursday, 30 April 2026 to Monday, 1 June",
            "past the deadline of the recommendation, Thursday, 30 April 2026",
        ),
    ),
    "task_acts.hand_over": Example(
        "asdep",
        lambda large: f"{task(large)}/reassign",
        {"to": "second", "reason": "Cuti bersama."},
        ("Cuti bersama.", "The task “Acknowledge” goes", "to Sinta Wijaya.", "Its deadline stays:"),
    ),
    "tasks.pass_on": Example(
        "kemhan",
        lambda large: f"{task(large)}/pass-on",
        {"to": "second", "reason": "Cuti bersama."},
        ("Cuti bersama.", "to Sinta Wijaya.", "What was written into the form so far goes along."),
    ),
    "reminder_letters.mark_sent": Example(
        "coordinator",
        of("reminder_letters.show"),
        {"letter_number": "B-7/2026", "letter_date": "6/1/2026"},
        ("B-7/2026", "Tuesday, 6 January 2026", "counts as sent", "cannot be changed afterwards"),
    ),
    "statements.record": Example(
        "coordinator",
        of("statements.show"),
        {"text": "Sudah ditindaklanjuti.", "said_by": "Sesjen", "said_on": "6/1/2026"},
        (
            "Sudah ditindaklanjuti.",
            "Sesjen",
            "Tuesday, 6 January 2026",
            "It stands on the page of Kem",
            "cannot be taken out again",
        ),
    ),
    "withdrawals.propose": Example(
        "coordinator",
        of("withdrawals.show"),
        {"reason": "Kewenangan beralih."},
        ("Kewenangan beralih.", "A supervisor decides whether “Percepat kapasitas"),
    ),
    "plan_revisions.revise": Example(
        "kemhan",
        lambda large: f"/follow-ups/{large.returned}/plan",
        PLAN,
        (PLAN["reason"], PLAN["activities[0].activity"], "Every version is kept"),
    ),
    "report_replacements.replace": Example(
        "kemenkeu",
        lambda large: f"/follow-ups/{large.judged}/report-replacement",
        {"reason": "Salah lampiran."},
        ("Salah lampiran.", "does not count any more", "Who evaluates it is told."),
    ),
    "follow_up_withdrawals.withdraw": Example(
        "asdep",
        lambda large: f"/follow-ups/{large.returned}/withdrawal",
        {"reason": "Usang.", "letter_number": "C-1/2026"},
        ("Usang.", "C-1/2026", "ends as withdrawn", "are told"),
    ),
    "outbox.resend": Example(
        "admin", lambda large: f"{large.failed}/resend", {}, ("goes to Kemhan as it was written.",)
    ),
    "users.create": Example(
        "admin",
        lambda _: "/users/new",
        {"username": "sari", "name": "Sari", "clearance": "ordinary", "contacts": "kemhan"},
        ("Sari gets an account", "Contact (PIC) of Kemhan", "is shown to you, this once"),
    ),
    "users.change_rights": Example(
        "admin",
        of("users.rights"),
        {"clearance": "restricted", "contacts": "kemhan"},
        ("Clearance Restricted", "All sessions of Kemhan end", "exactly these rights"),
    ),
    "users.make_link": Example(
        "admin",
        of("users.show", "/link"),
        {},
        ("A link by which Kemhan chooses a password", "second administrator"),
    ),
    "stand_ins.name": Example(
        "admin",
        lambda large: f"/stand-ins/new/institution-head:{CODE}",
        {
            "deputy": "{deputy}",
            "kind": "plt",
            "from_day": "1/7/2026",
            "to_day": "9/7/2026",
            "letter": "Prin/8/2026",
            "reason": "Jabatan lowong.",
        },
        ("has the rights of the post on these days", "Both are told by mail."),
    ),
    "stand_ins.end": Example(
        "kemhan-head",
        lambda large: f"/stand-ins/{STAND_IN}/end",
        {},
        ("The rights of the post end at once", "go back to those they were offered to"),
    ),
    "institutions.set_approval": Example(
        "kemhan-head",
        lambda large: "/institutions/kemhan/approval",
        {"asked": "yes"},
        ("Who has written a report does not release it.", "holds for its release too"),
    ),
    "tokens.revoke": Example(
        "admin",
        lambda large: f"/account/tokens/{large.token}/revoke",
        {},
        ("is refused from now on.", "The token cannot be used again"),
    ),
    "service_accounts.revoke": Example(
        "admin",
        of("service_accounts.cases", "/revoke", "/cases"),
        {},
        ("“Server 7” is refused from now on.",),
    ),
    "instances.start_activity": Example(
        "owner",
        lambda large: large.choice,
        {"activity": "{activity}"},
        ("begins and waits for whoever does it",),
    ),
    "instances.complete_ad_hoc": Example(
        "owner", lambda large: f"{large.choice}/complete", {}, ("nothing more can be chosen in it",)
    ),
}


@pytest.mark.parametrize("act", sorted(SAID_FIRST))
def test_before_an_act_its_page_says_who_is_told_what_moves_and_what_ends(
    large: Large, act: str
) -> None:
    example = EXAMPLES[act]
    address, person = example.address(large), large.office.enter(example.who)
    adapter = large.office.app.url_map.bind("localhost")
    assert adapter.match(address, "POST")[0] == act
    typed = {name: value.format_map(vars(large)) for name, value in example.typed.items()}
    answer = person.post(address, {**typed, "act": "check"})
    assert answer.status_code == 200, words(answer)
    assert heading(answer) == "Check before sending"
    for told in example.told:
        assert told in words(answer), told
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in text(answer), "it is sent from there"
    assert f'action="{address}"' in text(answer)


@pytest.mark.parametrize("act", ["task_acts.move_deadline", "task_acts.hand_over", "users.create"])
def test_what_was_typed_is_still_there_on_the_way_back(large: Large, act: str) -> None:
    example = EXAMPLES[act]
    person = large.office.enter(example.who)
    back = person.post(example.address(large), {**example.typed, "act": "back"})
    assert back.status_code == 200
    assert heading(back) != "Check before sending"
    for value in example.typed.values():
        assert value in text(back), value


def test_looking_changes_nothing(large: Large) -> None:
    def stands() -> list[str]:
        facts = (
            select(tables.task.c.id, tables.task.c.due_at, tables.task.c.assignee),
            select(mail.c.id, mail.c.state),
            select(tokens.c.id),
            select(user.c.username, user.c.clearance),
        )
        with large.office.service.reading() as connection:
            return sorted(str(row) for fact in facts for row in connection.execute(fact))

    before = stands()
    for example in EXAMPLES.values():
        typed = {name: value.format_map(vars(large)) for name, value in example.typed.items()}
        large.office.enter(example.who).post(example.address(large), {**typed, "act": "check"})
    assert stands() == before
