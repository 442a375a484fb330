"""The parts that several nouns share: pages by key, open work, values joined from several
objects.
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from processes.storage.work.task_rows import OpenTask
from web.api.v1.openapi import Query
from web.api.v1.shapes import Read, Work
from web.words.i18n import language

Shape = TypeVar("Shape", bound=Read)


class Id(BaseModel):
    """The id in an address."""

    id: UUID


class PageQuery(Query):
    """Which page: its size, and the `next` of the page before."""

    after: UUID | None = Field(None, description="`next` of the page before.")
    limit: int = Field(25, ge=1, le=100, description="Rows of a page.")


def merged(shape: type[Shape], *sources: object, **given: object) -> Shape:
    """A shape whose members are `given`, or else come from the first source that has them."""
    values: dict[str, Any] = dict(given)
    for name in shape.model_fields:
        found = next((source for source in sources if hasattr(source, name)), None)
        if name not in values and found is not None:
            values[name] = getattr(found, name)
    return shape.model_validate(values)


def work_of(task: OpenTask | None) -> Work | None:
    """The open work; the task's name in the caller's language."""
    return merged(Work, task, name=language().model_text(task.name)) if task else None
