"""The page of a task, drawn for every way it is reached: opened, redrawn, refused, too late.

Owns what the page is made of. Rights and facts are `processes.tasks`, the fields `web/forms`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import render_template, request, url_for

from engine.errors import BadInput, NotFound, TindakError
from engine.models.forms import Form, Options, rows_of, walk
from engine.storage.drafts import Draft
from engine.storage.worklist import Task
from engine.words import Sentence, say
from processes import engine_view, tasks
from processes import task_page as reading
from processes.access import allows, may
from processes.inbox import task_access
from processes.storage.users import User
from processes.task_page import TaskPage
from web import task_context, uploads
from web.errors import redraw_on_error
from web.forms.kept import Kept
from web.forms.submission import REQUEST, SEEN, TAB, Texts, texts_in, texts_of, whole
from web.forms.view import FieldView, Known, fields_of, problems_of
from web.forms.words import AnswerWords, Context, words_of
from web.i18n import formats, language, render
from web.institution_names import group_name
from web.task_context import Asking
from web.task_words import act_of
from web.visitor import scope, service

NO_FORM = Form(id="", title="", fields=())
"""A task without a form is completed with an empty answer."""


def opened(task_id: UUID) -> str:
    """The page as somebody opens it, with what they had typed before; what they have sent
    themselves is not given back as if it were lost."""
    engine, username = service().engine, scope().username
    draft = engine.draft(task_id, username)
    task = engine.task(task_id)
    if draft is None or task.ended_by == username:
        return drawn(task_id, _known(task_id) if task.status == "open" else {})
    return drawn(task_id, dict(draft.data), draft=draft)


def _known(task_id: UUID) -> Mapping[str, object]:
    """What the form starts with where its reader has written nothing yet: the variables it shows,
    and what the product proposes."""
    engine = service().engine
    with engine.reading() as connection:
        page = reading.page(connection, scope(), task_id, engine.on(connection).now())
        if not allows(scope(), "complete_task", page.relations):
            return {}
        proposed = task_context.proposed(connection, page)
    shown = engine_view.shown_in(service(), page.task)
    return {name: value for name, value in shown.items() if value is not None} | dict(proposed)


def drawn(
    task_id: UUID,
    typed: Mapping[str, object],
    error: TindakError | None = None,
    draft: Draft | None = None,
) -> str:
    """The page with these entries; `error`: why they were refused."""
    facts = _facts(task_id, typed)
    task = facts.page.task
    form, options = _form(task_id)
    fields, title = _fields(task_id, typed, error)

    # A macro reads it by name: where files go as soon as they are chosen.
    def upload_url(name: str) -> str:
        return url_for("uploads.add", task_id=task_id, name=name)

    return render_template(
        "tasks/task.html" if _is_open(task) else "tasks/done.html",
        page=facts.page,
        task=task,
        context=facts.context,
        colleagues=facts.colleagues,
        name=language().model_text(task.name),
        why=_why(task.definition_id, task.element_id),
        act=act_of(task.process_key, task.element_id),
        fields=fields,
        problems=problems_of(fields),
        title=title,
        typed=Kept(options, language()).of(form, typed),
        draft=draft,
        upload_url=upload_url,
        tab=request.form.get(TAB) or secrets.token_hex(4),
        seen=draft.version if draft else request.form.get(SEEN, 0),
        request_id=uuid4().hex,
        may_complete=allows(scope(), "complete_task", facts.page.relations),
        holder=holder_words(facts.page),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is asked of the register for one page, in one reading."""

    page: TaskPage
    context: task_context.Context
    colleagues: list[User]


def _facts(task_id: UUID, typed: Mapping[str, object]) -> _Facts:
    engine, asking = service().engine, scope()
    form, options = _form(task_id)
    with engine.reading() as connection:
        now = engine.on(connection).now()
        page = reading.page(connection, asking, task_id, now)
        is_open = page.task.status == "open"
        answers = form.read(typed, options=options).values
        return _Facts(
            page,
            task_context.of(Asking(connection, asking, page, now, answers))
            if is_open
            else task_context.Context(),
            tasks.colleagues(connection, asking, task_id)
            if is_open and allows(asking, "delegate_task", page.relations)
            else [],
        )


def _fields(
    task_id: UUID, typed: Mapping[str, object], error: TindakError | None
) -> tuple[tuple[FieldView, ...], str]:
    form, options = _form(task_id)
    errors = error.fields if isinstance(error, BadInput) else {}
    files = uploads.known(_files(form, typed))
    known = Known(typed, formats(), errors, options, files)
    return fields_of(form, known), render(error.sentence) if error else ""


def _is_open(task: Task) -> bool:
    """Whether there is something to fill in; what is being repaired has been handed in."""
    return task.status == "open" and not task.repairing


def _why(definition_id: UUID, element_id: str) -> str:
    element = service().engine.program(definition_id).element(element_id)
    return language().model_text(element.documentation) if element.documentation else ""


def take_in(task_id: UUID) -> Texts:
    """What this request's form holds, its files stored, once it is clear that the person may
    complete the task at all. A field of which a browser sends nothing was emptied. From here on a
    refusal draws the form again. Raises BadInput for files that are not let in, NotFound,
    Forbidden."""
    _ask(task_id)
    form, _ = _form(task_id)
    texts = whole(form, texts_of(request.form))
    redraw_on_error(lambda error: drawn(task_id, texts, error))
    refused = uploads.take_in(texts, task_id)
    if refused:
        raise BadInput(say("Some files were not accepted."), refused)
    return texts


def file_field(task_id: UUID, name: str) -> FieldView:
    """One file field of the form, with the files of this request taken in."""
    form, _ = _form(task_id)
    item = form.field(name)
    if item is None or item.type != "filepicker":
        raise NotFound(say("There is no such field."))
    _ask(task_id)
    texts = texts_of(request.form)
    refused = uploads.take_in(texts, task_id)
    known = Known(texts, formats(), refused, uploads=uploads.known(texts.get(name, [])))
    (field,) = fields_of(Form(form.id, form.title, (item,)), known)
    return field


def checked(task_id: UUID, typed: Texts) -> list[AnswerWords]:
    """The answers in words. Raises BadInput when something is missing or wrong."""
    form, options = _form(task_id)
    answers = form.read(typed, options=options)
    wrong = answers.errors or _facts(task_id, typed).context.wrong
    if wrong:
        raise BadInput(say("Some entries need another look."), wrong)
    context = Context(formats(), options, uploads.known(_files(form, typed)))
    return words_of(form, answers.values, context)


def check(task_id: UUID) -> str:
    """The page that shows everything that was kept in words, before it is sent; the page of the
    task where there is nothing to send (any more). Raises BadInput where it cannot be sent."""
    draft = service().engine.draft(task_id, scope().username)
    typed = texts_in(draft.data) if draft else {}
    facts = _facts(task_id, typed)
    task = facts.page.task
    able = allows(scope(), "complete_task", facts.page.relations)
    if draft is None or not able or not _is_open(task):
        return opened(task_id)
    redraw_on_error(lambda error: drawn(task_id, typed, error, draft))
    return render_template(
        "tasks/check.html",
        page=facts.page,
        context=facts.context,
        task=task,
        name=language().model_text(task.name),
        act=act_of(task.process_key, task.element_id),
        answers=checked(task_id, typed),
        typed=typed,
        request_id=uuid4().hex,
    )


def holder_words(page: TaskPage) -> str:
    """Who has the task: a person, or those it is offered to."""
    institution = page.head.institution_name if page.head else None
    groups = [group_name(group, institution or "") for group in page.task.candidate_groups]
    offered = ", ".join(groups) or ", ".join(page.task.candidate_users)
    return f"{page.holder} ({offered})" if page.holder and offered else page.holder or offered


def saved_words(before: Draft | None, draft: Draft, token: str) -> Sentence:
    """What is said beside the button after saving a draft. `before`: the save it replaces, if this
    page has not seen it; another tab's is told."""
    shown = formats()
    other = str(before.data.get(TAB, token)) if before else token
    if before and other != token:
        return say(
            "Saved {time}. Another tab saved this draft too, at {before}; the last one counts.",
            time=shown.time(draft.saved_at),
            before=shown.time(before.saved_at),
        )
    return say("Saved {time}", time=shown.time(draft.saved_at))


def request_id() -> str | None:
    """The id of this drawing of the form: sent twice, it is taken in once."""
    return request.form.get(REQUEST)


def _ask(task_id: UUID) -> None:
    with service().engine.reading() as connection:
        may(scope(), "complete_task", task_access(connection, scope(), task_id))


def _form(task_id: UUID) -> tuple[Form, Options]:
    form, options = service().engine.form(task_id)
    return form or NO_FORM, options


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
