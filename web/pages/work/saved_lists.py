"""Lists that a person has saved under a name: saving one, another name, deleting it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound, TindakError
from engine.sentences.sentence import Sentence, say
from processes.storage.people.saved_lists import SavedList
from processes.work import saved_lists
from web.forms import own
from web.forms.own import OwnField, Texts
from web.frame.lists import LISTS, ListOf
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words.i18n import render

page = Blueprint("saved_lists", __name__)

ENTRIES = (
    OwnField("name", say("Name of the list"), width="medium", max_length=saved_lists.LONGEST_NAME),
)


@page.get("/lists/<list>/new")
def new(list: str) -> ResponseReturnValue:
    """The form that saves a list."""
    return _new(list, request.args.get("query", ""), {})


@page.post("/lists/<list>/new")
def save(list: str) -> ResponseReturnValue:
    """Save the list, and lead back to it."""
    texts = own.typed()
    query = own.text(texts, "query")
    redraw_on_error(lambda error: _new(list, query, texts, error))
    listed = _list(list)
    saved_lists.save(
        service(), scope(), list=list, name=own.text(texts, "name"), query=listed.query(query)
    )
    return _back(listed.saved(query), say("The list is saved. It stands at the head of the page."))


@page.get("/lists/<uuid:list_id>")
def show(list_id: UUID) -> ResponseReturnValue:
    """A saved list: another name, or delete it."""
    return _show(list_id)


@page.post("/lists/<uuid:list_id>")
def rename(list_id: UUID) -> ResponseReturnValue:
    """Give it another name."""
    texts = own.typed()
    redraw_on_error(lambda error: _show(list_id, texts, error))
    found = saved_lists.rename(service(), scope(), list_id, own.text(texts, "name"))
    return _back(_address(found), say("Saved."))


@page.post("/lists/<uuid:list_id>/delete")
def delete(list_id: UUID) -> ResponseReturnValue:
    """Delete the name; the cases stay."""
    found = saved_lists.forget(service(), scope(), list_id)
    return _back(
        _list(found.list).bare(found.query),
        say("The list “{name}” is no longer saved.", name=found.name),
    )


def _new(key: str, query: str, texts: Texts, error: TindakError | None = None) -> str:
    back = _list(key).saved(query)
    return own.page("saved_lists/new.html", ENTRIES, texts, error, list=key, query=query, back=back)


def _show(list_id: UUID, texts: Texts | None = None, error: TindakError | None = None) -> str:
    at = reading()
    found = saved_lists.one(at.connection, at.scope, list_id)
    texts = {"name": [found.name]} if texts is None else texts
    return own.page(
        "saved_lists/list.html", ENTRIES, texts, error, found=found, back=_address(found)
    )


def _address(found: SavedList) -> str:
    return _list(found.list).saved(found.query)


def _list(key: str) -> ListOf:
    """The list of this name. Raises `NotFound`."""
    if key not in LISTS:
        raise NotFound(say("There is no such list."))
    return LISTS[key]


def _back(url: str, words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url)
