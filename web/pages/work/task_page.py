"""The page of a task, drawn for every way to it: opened, redrawn, refused, too late.

Owns the parts of the page. `processes.work.tasks` has rights and facts, `web/forms` the fields.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import render_template, request, url_for

from engine.models.forms import Form, Options, rows_of, walk
from engine.records.states import TaskStatus
from engine.sentences.errors import BadInput, NotFound, TindakError
from engine.sentences.sentence import Sentence, say
from processes.acts.reading import Reading
from processes.cases.follow_up import follow_up_models, follow_ups
from processes.programs import engine_view
from processes.rights.access import allows
from processes.storage.people.users import User
from processes.work import left_tasks, task_drafts, task_page, tasks
from processes.work.left_tasks import LeftTask
from processes.work.task_drafts import Draft
from processes.work.task_page import TaskPage
from web.forms.answers_shown import AnswerWords, Context, words_of
from web.forms.echoes import Days
from web.forms.kept import Kept
from web.forms.numbers import entries_of
from web.forms.submission import SEEN, TAB, Texts, texts_in, whole
from web.forms.view import FieldView, Known, Upload, fields_of, problems_of
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading
from web.pages.files import uploaded
from web.pages.work import report_preview, task_context
from web.pages.work.task_context import Asking, Part
from web.words import institution_names, people_names
from web.words.i18n import formats, language, render
from web.words.institution_names import group_name
from web.words.task_labels import act_of

NO_FORM = Form(id="", title="", fields=())
"""A task without a form is completed with an empty answer."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A task with its case and its form, from one reading. `subject`: the subject of an open
    task."""

    at: Reading
    page: TaskPage
    form: Form | None
    options: Options
    subject: Part | None

    @property
    def able(self) -> bool:
        """Whether the reader may complete it."""
        able = allows(self.at.scope, "complete_task", self.page.relations)
        return able and self.page.unread is None and not self.page.own_draft

    @property
    def shown(self) -> Form:
        """The form as it is drawn."""
        return self.form or NO_FORM


@dataclass(frozen=True, slots=True)
class _Entered:
    """The entries of a person, and their result. `files`: the files that the entries name."""

    typed: Mapping[str, object]
    context: task_context.Context
    files: Mapping[str, Upload]


def _read(task_id: UUID) -> _Read:
    at = reading()
    return _read_of(at, task_page.page(at, task_id))


def _read_of(at: Reading, page: TaskPage) -> _Read:
    task = page.task
    had = {task.assignee: page.holder, task.passed_by: page.passed_by, task.ended_by: page.ended_by}
    people_names.know({username: name for username, name in had.items() if username})
    form, options = task_page.form(at, page)
    is_open = page.task.status == TaskStatus.OPEN
    subject = task_context.subject_of(Asking(at, page)) if is_open else None
    if subject is not None and isinstance(subject.facts, follow_ups.Work):
        people_names.know(subject.facts.people)
    return _Read(at, page, form, options, subject)


def _entered(read: _Read, typed: Mapping[str, object]) -> _Entered:
    context = task_context.Context()
    if read.page.task.status == TaskStatus.OPEN:
        answers = read.shown.read(typed, options=read.options).values
        context = task_context.of(Asking(read.at, read.page), read.subject, answers)
    return _Entered(typed, context, uploaded.known(_files(read.shown, typed)))


def opened(task_id: UUID, error: TindakError | None = None) -> str:
    """The page as somebody opens it, with what they had typed before; what they have sent
    themselves is not given back as if it were lost. `error`: why something else than the form was
    refused. Whoever comes to a task that is not theirs any more reads what became of it."""
    found = left_tasks.found(reading(), task_id)
    if isinstance(found, LeftTask):
        return render_template("tasks/left.html", left=found)
    read = _read_of(reading(), found)
    return _opened(read, task_drafts.own(read.at, task_id), error)


def _opened(read: _Read, draft: Draft | None, error: TindakError | None = None) -> str:
    task = read.page.task
    if draft is None:
        known = _known(read) if task.status == TaskStatus.OPEN else {}
        return _drawn(read, _entered(read, known), error)
    if task.ended_by == read.at.scope.username:
        sent = _words(read, draft.data) if read.page.unread is None else ()
        return _drawn(read, _entered(read, {}), error, sent=sent)
    return _drawn(read, _entered(read, dict(draft.data)), error, draft)


def _words(read: _Read, typed: Mapping[str, object]) -> list[AnswerWords]:
    answers = read.shown.read(typed, options=read.options)
    return words_of(read.shown, answers.values, Context(formats(), read.options, {}))


def _known(read: _Read) -> Mapping[str, object]:
    """The first values of the form without a draft: the variables it shows, and the product's
    proposals."""
    if not read.able:
        return {}
    shown = engine_view.shown_by(read.at.ask, read.page.task, read.form)
    known = {name: value for name, value in shown.items() if value is not None}
    return known | dict(task_context.proposed(read.page, read.subject))


def drawn(
    task_id: UUID,
    typed: Mapping[str, object],
    error: TindakError | None = None,
    draft: Draft | None = None,
) -> str:
    """The page with these entries; `error`: why they were refused."""
    read = _read(task_id)
    return _drawn(read, _entered(read, typed), error, draft)


def _drawn(
    read: _Read,
    entered: _Entered,
    error: TindakError | None = None,
    draft: Draft | None = None,
    sent: Sequence[AnswerWords] = (),
) -> str:
    page, task = read.page, read.page.task
    fields, title = _fields(read, entered, error)
    institution_names.look_up(page.coming)
    people_names.look_up(one.assignee for one in page.coming if one.assignee)

    # A macro reads it by name: the address for files as soon as they are chosen.
    def upload_url(name: str) -> str:
        return url_for("uploads.add", task_id=task.id, name=name)

    return render_template(
        "tasks/task.html" if _is_open(read.page) else "tasks/done.html",
        page=page,
        task=task,
        context=entered.context,
        colleagues=_colleagues(read),
        name=language().model_text(task.name),
        why=_why(read),
        act=act_of(task.process_key, task.element_id),
        fields=fields,
        problems=problems_of(fields),
        title=title,
        typed=Kept(read.options, language()).of(read.shown, entered.typed),
        sent=sent,
        draft=draft,
        upload_url=upload_url,
        tab=request.form.get(TAB) or secrets.token_hex(4),
        seen=draft.version if draft else request.form.get(SEEN, 0),
        request_id=uuid4().hex,
        may_complete=read.able,
        holder=holder_words(page),
        passed_by=page.passed_by,
    )


def _colleagues(read: _Read) -> list[User]:
    at, page = read.at, read.page
    if page.task.status != TaskStatus.OPEN or not allows(at.scope, "delegate_task", page.relations):
        return []
    return tasks.to_pass_on(at.connection, at.scope, page.task, page.secrecy, page.drafter)


def _fields(
    read: _Read, entered: _Entered, error: TindakError | None
) -> tuple[tuple[FieldView, ...], str]:
    told = error.fields if isinstance(error, BadInput) else {}
    errors = {**uploaded.refusals(entered.typed), **told}
    refused = uploaded.refused_in(entered.typed)
    known = Known(
        entered.typed,
        formats(),
        errors,
        read.options,
        entered.files,
        refused,
        days_of(read.at, read.page),
        task_context.asked_rows(read.page, read.subject),
    )
    return fields_of(read.shown, known), render(error.sentence) if error else ""


def days_of(at: Reading, page: TaskPage) -> Days:
    """The working days by which dates in the form of a task are judged."""
    institution = page.head.institution if page.head else None
    return Days(page.calendar, page.calendar.today(at.now), institution or "")


def _is_open(page: TaskPage) -> bool:
    """Whether there is something to fill in; what is being repaired has been handed in."""
    return page.task.status == TaskStatus.OPEN and not page.task.repairing


def _why(read: _Read) -> str:
    words = task_page.purpose(read.at, read.page)
    return language().model_text(words) if words else ""


def take_in(task_id: UUID) -> tuple[Texts, BadInput | None]:
    """What this request's form holds, its files stored, once it is clear that the person may
    complete the task at all; and why files were not let in. A field of which a browser sends
    nothing was emptied. From here on a refusal draws the form again. Raises NotFound, Forbidden."""
    form = _form_to_send(task_id)
    texts = whole(form, entries_of(form, request.form, language().code))
    redraw_on_error(lambda error: drawn(task_id, texts, error))
    return texts, _not_let_in(uploaded.take_in(texts, task_id))


def to_send(task_id: UUID) -> Texts:
    """The same of a form that is to be sent: not without a file that somebody has chosen for it.
    Raises BadInput for files that were not let in, now or before, besides."""
    texts, refused = take_in(task_id)
    if error := refused or _not_let_in(uploaded.refusals(texts)):
        raise error
    return texts


def _not_let_in(refused: Mapping[str, Sentence]) -> BadInput | None:
    return BadInput(say("Some files were not accepted."), refused) if refused else None


def file_field(task_id: UUID, name: str) -> FieldView:
    """One file field of the form, with the files of this request stored."""
    form = _form_to_send(task_id)
    item = form.field(name)
    if item is None or item.type != "filepicker":
        raise NotFound(say("There is no such field."))
    texts = entries_of(form, request.form, language().code)
    refused = uploaded.take_in(texts, task_id)
    files = uploaded.known(texts.get(name, []))
    known = Known(texts, formats(), refused, uploads=files, refused=uploaded.refused_in(texts))
    (field,) = fields_of(Form(form.id, form.title, (item,)), known)
    return field


def checked(task_id: UUID, typed: Texts) -> list[AnswerWords]:
    """The answers in words. Raises BadInput if one is missing or wrong."""
    read = _read(task_id)
    return _checked(read, _entered(read, typed))


def _checked(read: _Read, entered: _Entered) -> list[AnswerWords]:
    answers = read.shown.read(entered.typed, options=read.options)
    wrong = {**answers.errors, **uploaded.refusals(entered.typed)} or entered.context.wrong
    if wrong:
        raise BadInput(say("Some entries need another look."), wrong)
    context = Context(formats(), read.options, entered.files, days_of(read.at, read.page))
    return words_of(read.shown, answers.values, context)


def check(task_id: UUID) -> str:
    """The page with all stored answers in words, before they are sent; the page of the task if
    there is nothing to send (any more). Raises BadInput if they cannot be sent."""
    read = _read(task_id)
    task = read.page.task
    draft = task_drafts.own(read.at, task_id)
    if draft is None or not read.able or not _is_open(read.page):
        return _opened(read, draft)
    typed = texts_in(draft.data)
    entered = _entered(read, typed)
    redraw_on_error(lambda error: _drawn(read, entered, error, draft))
    return render_template(
        "tasks/check.html",
        page=read.page,
        context=entered.context,
        task=task,
        name=language().model_text(task.name),
        act=act_of(task.process_key, task.element_id),
        answers=_checked(read, entered),
        warning=render(_warning(read)),
        typed=typed,
        printable=report_preview.shows(read.page),
        request_id=uuid4().hex,
    )


def _warning(read: _Read) -> Sentence:
    """What sending means: whether it can be taken back or changed, in the version of this case."""
    task = read.page.task
    if (task.process_key, task.element_id) == ("follow_up", "plan"):
        return say("Is everything right? The plan can be revised later, with a reason.")
    reports = (task.process_key, task.element_id) == ("follow_up", "report")
    if reports and follow_up_models.takes_reports_back(read.at, task.definition_id):
        return say("Is everything right? It can be taken back until it is evaluated.")
    return say("Is everything right? Once sent it cannot be taken back.")


def holder_words(page: TaskPage) -> str:
    """The holder of the task: a person, or the people to whom it is offered."""
    institution = page.head.institution_name if page.head else None
    groups = [group_name(group, institution or "") for group in page.task.candidate_groups]
    offered = ", ".join(groups) or ", ".join(page.task.candidate_users)
    return f"{page.holder} ({offered})" if page.holder and offered else page.holder or offered


def _form_to_send(task_id: UUID) -> Form:
    """The form of a task, for a user who may send it."""
    return task_page.form_to_send(reading(), task_id) or NO_FORM


def _files(form: Form, typed: Mapping[str, object]) -> list[str]:
    """Ids of all uploads the entries name, rows included."""
    found: list[str] = []
    for item in walk(form.fields):
        rows = rows_of(item.key, typed) if item.type == "dynamiclist" else []
        for fields, values in [((item,), typed), *((item.children, row) for row in rows)]:
            for one in fields:
                value = values.get(one.key) if one.type == "filepicker" else None
                found += [str(entry) for entry in value] if isinstance(value, list) else []
    return found
