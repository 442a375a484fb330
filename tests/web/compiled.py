"""The application's templates and addresses are compiled once for all tests of a process, not once
for each.

Every test has its own application. Compiling the same templates and addresses took two thirds of
its time, and neither depends on the service.
"""

from __future__ import annotations

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
_RULES: dict[tuple[object, ...], Rule] = {}
_compile = Rule.compile


def application(service: Service, settings: Settings) -> Flask:
    """`create_app` with what was compiled before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", _compile_once)
        app = create_app(service, settings)
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


def _compile_once(rule: Rule) -> None:
    """What was read from the same address before; the functions that write it know their rule by
    the parameter `self` only."""
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.subdomain, rule.host, rule.rule, defaults, rule.merge_slashes)
    known = _RULES.get(key)
    if known is None:
        _compile(rule)
        _RULES[key] = rule
        return
    rule._parts, rule._trace, rule._converters = known._parts, known._trace, known._converters
    rule.arguments |= known.arguments
    for name in ("_build", "_build_unknown"):
        setattr(rule, name, getattr(known, name).__func__.__get__(rule, None))
