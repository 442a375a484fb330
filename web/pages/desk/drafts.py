"""The draft of a process: its editors, its files as uploads, its check, its release."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.deployment.drafting import ModelDraft
from engine.models.bundle import kind_of
from engine.sentences.errors import ModelError, TindakError
from engine.sentences.sentence import Sentence, say
from processes.desk import releases
from web.gate.errors import redraw_on_error, refusal
from web.gate.security import inline_styles
from web.gate.visitor import reading, scope, service
from web.pages.desk import model_files
from web.words import people_names, problem_sentences
from web.words.i18n import formats, render
from web.words.problem_sentences import Leads

page = Blueprint("drafts", __name__)

EDITORS = {"bpmn": "modeler", "dmn": "decisions"}
"""Kind of file -> the script that edits it; a form is replaced as a file."""
KINDS = ("bpmn", "dmn", "form")
"""The order of files: those that decide most come first."""


@page.get("/processes/<key>/draft")
def show(key: str) -> ResponseReturnValue:
    """The draft: its files, the changes, and the next steps."""
    return _contents(releases.draft(reading(), key))


@page.post("/processes/<key>/draft")
def take_in(key: str) -> ResponseReturnValue:
    """Take in files of a model made elsewhere, one or several."""
    draft = releases.draft(reading(), key)
    redraw_on_error(lambda error: _contents(draft, error))
    kept = releases.take_in(service(), scope(), key, model_files.uploaded("files"))
    for name, kept_as in kept.items():
        flash(render(_taken(name, kept_as)), "done")
    return redirect(url_for("drafts.show", key=key))


@page.get("/processes/<key>/draft/files.zip")
def archive(key: str) -> ResponseReturnValue:
    """All files of the draft."""
    files = releases.draft(reading(), key).files
    return model_files.archive(f"{key}-draft", files)


@page.get("/processes/<key>/draft/<file>")
@inline_styles
def edit(key: str, file: str) -> ResponseReturnValue:
    """The editor of one file; for a form its later look."""
    return _opened(releases.draft(reading(), key), file)


@page.put("/processes/<key>/draft/<file>")
def save(key: str, file: str) -> ResponseReturnValue:
    """Save the editor's content, over the content that it names (`If-Match`), or over any."""
    content, over = request.get_data(), _begun_from(request.headers.get("If-Match", ""))
    saved_at = releases.save(service(), scope(), key, file, content, over=over)
    answer = jsonify(saved_at=formats().time(saved_at))
    answer.set_etag(sha256(content).hexdigest())
    return answer


def _begun_from(tag: str) -> str | None:
    """The SHA-256 in an entity tag; a proxy that compresses answers makes the tag a weak one."""
    return tag.removeprefix("W/").strip('"') or None


@page.post("/processes/<key>/draft/<file>")
@inline_styles
def replace(key: str, file: str) -> ResponseReturnValue:
    """Put another file in place of this one, under this one's name."""
    draft = releases.draft(reading(), key)
    model_files.content_of(draft.files, file)
    redraw_on_error(lambda error: _opened(draft, file, error))
    releases.put_in_place(service(), scope(), key, file, model_files.uploaded("files"))
    flash(render(say("{file} is saved in the draft.", file=file)), "done")
    return redirect(url_for("drafts.edit", key=key, file=file))


@page.get("/processes/<key>/draft/files/<file>")
def load(key: str, file: str) -> ResponseReturnValue:
    """The content of one file: for its editor, or for saving."""
    content = model_files.content_of(releases.draft(reading(), key).files, file)
    if "download" in request.args:
        return model_files.attachment(file, content)
    answer = model_files.model(content)
    answer.set_etag(sha256(content).hexdigest())
    return answer


@page.post("/processes/<key>/draft/problems")
def problems(key: str) -> ResponseReturnValue:
    """The findings, for the editor."""
    at = reading()
    draft = releases.draft(at, key)
    found = releases.problems(at, draft)
    return jsonify(problems=problem_sentences.records(found, leads(draft)))


@page.get("/processes/<key>/draft/check")
def check(key: str) -> ResponseReturnValue:
    """The findings, for people without an editor."""
    at = reading()
    draft = releases.draft(at, key)
    found = releases.problems(at, draft)
    findings = problem_sentences.findings(found, leads(draft))
    return render_template("drafts/check.html", draft=draft, key=key, findings=findings)


@page.get("/processes/<key>/draft/release")
def check_release(key: str) -> ResponseReturnValue:
    """The effects of the release in words, then one button."""
    return _release(releases.draft(reading(), key))


@page.post("/processes/<key>/draft/release")
def release(key: str) -> ResponseReturnValue:
    """Make the draft the newest version."""
    draft = releases.draft(reading(), key)
    redraw_on_error(lambda error: _release(draft, error))
    note, seal = request.form.get("note", ""), request.form.get("seal", "")
    for version in releases.release(service(), scope(), key, note, seal):
        words = say("{name}: version {n} is released.", name=version.name, n=version.number)
        flash(render(words), "done")
    return redirect(url_for("processes.show", key=key))


@page.get("/processes/<key>/draft/discard")
def check_discard(key: str) -> ResponseReturnValue:
    """The changes that would be lost, then one button."""
    draft = releases.draft(reading(), key)
    file = request.args.get("file", "")
    files = [one for one in draft.changed.values() if file in ("", one.name)]
    people_names.look_up(one.saved_by for one in files)
    return render_template("drafts/discard.html", draft=draft, key=key, file=file, changed=files)


@page.post("/processes/<key>/draft/discard")
def discard(key: str) -> ResponseReturnValue:
    """Delete the changes, or those of one file."""
    releases.discard(service(), scope(), key, request.form.get("file") or None)
    flash(render(say("The changes are discarded.")), "done")
    return redirect(url_for("drafts.show", key=key))


def leads(draft: ModelDraft) -> Leads:
    """The addresses at which the files of a draft are edited."""
    return lambda file: (
        url_for("drafts.edit", key=draft.key, file=file) if file in draft.files else None
    )


def _taken(name: str, kept_as: str) -> Sentence:
    if name == kept_as:
        return say("{file} is saved in the draft.", file=name)
    return say("{upload} is saved in the draft as {file}.", upload=name, file=kept_as)


def _contents(draft: ModelDraft, error: TindakError | None = None) -> str:
    files = sorted((KINDS.index(kind_of(file) or "form"), file) for file in draft.files)
    return _drawn("drafts/draft.html", draft, error, files=[(f, KINDS[k]) for k, f in files])


def _opened(draft: ModelDraft, file: str, error: TindakError | None = None) -> str:
    content = model_files.content_of(draft.files, file)
    editor = EDITORS.get(kind_of(file) or "")
    if editor:
        return _drawn("drafts/editor.html", draft, error, editor=editor, file=file)
    fields = model_files.preview(file, content)
    return _drawn("drafts/form.html", draft, error, fields=fields, file=file)


def _release(draft: ModelDraft, error: TindakError | None = None) -> str:
    preview = releases.preview(reading(), draft)
    found = error.problems if isinstance(error, ModelError) else preview.problems
    findings = problem_sentences.findings(found, leads(draft))
    note = request.form.get("note", "")
    return _drawn(
        "drafts/release.html", draft, error, preview=preview, findings=findings, note=note
    )


def _drawn(template: str, draft: ModelDraft, error: TindakError | None, **more: object) -> str:
    people_names.look_up(one.saved_by for one in draft.changed.values())
    return render_template(template, draft=draft, key=draft.key, error=refusal(error), **more)
