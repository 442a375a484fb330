"""The application's templates and addresses are compiled once for all tests of a process, not once
for each.

Every test has its own application. Compiling the same templates and addresses took two thirds of
its time, and neither depends on the service.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from processes.acts.service import Service
from web.app import create_app
from web.configuration.settings import Settings


class _Kept(BytecodeCache):
    """Templates as they were compiled, by name and content."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self._by_key.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._by_key[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_TEMPLATES = _Kept()
_BUILDERS: dict[tuple[object, ...], Callable[..., Any]] = {}
_compile = Rule._compile_builder


def application(service: Service, settings: Settings) -> Flask:
    """`create_app` with what was compiled before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _known_builder)
        app = create_app(service, settings)
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


def _known_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """The function that writes an address: it knows its rule by the parameter `self` only."""
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.subdomain, rule.host, rule.rule, defaults, append_unknown)
    if key not in _BUILDERS:
        _BUILDERS[key] = _compile(rule, append_unknown)
    return _BUILDERS[key]
