"""All examples, and all acts that need one."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

import processes
from processes.acts.acting import DOORS, Door
from tests.processes.acts import (
    of_agreements,
    of_cases,
    of_documents,
    of_meetings,
    of_models,
    of_people,
    of_programs,
)
from tests.processes.acts.examples import Example

EXAMPLES: Final[tuple[Example, ...]] = (
    *of_agreements.EXAMPLES,
    *of_cases.EXAMPLES,
    *of_meetings.EXAMPLES,
    *of_documents.EXAMPLES,
    *of_models.EXAMPLES,
    *of_people.EXAMPLES,
    *of_programs.EXAMPLES,
)


@cache
def doors() -> Mapping[str, Door[..., Any]]:
    """Every act, whichever module of the product has it."""
    for module in pkgutil.walk_packages(processes.__path__, "processes."):
        if ".migrations" not in module.name:
            import_module(module.name)
    return {name: door for name, door in DOORS.items() if name.startswith("processes.")}
