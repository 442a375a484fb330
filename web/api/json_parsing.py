"""JSON from programs, read more strictly than by any library: no value changes on the way."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask.json.provider import DefaultJSONProvider

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence

# Texts are matched so that they can be skipped; a fraction or exponent makes a number no whole one.
# Nothing is read twice: a search with backtracking would hold all threads of the process.
WHOLE_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|(?<![\d.])(\d{19,}+)(?![.eE])', re.DOTALL)
LARGEST = str(2**63).encode()


def read_json(content: bytes) -> Any:
    """The value of a JSON text. Raises ValueError for a text that is no JSON, and BadInput for a
    whole number beyond 64 bits, which would be read as a nearby fraction."""
    for found in WHOLE_NUMBER.finditer(content):
        digits = (found[1] or b"").lstrip(b"0")
        if (len(digits), digits) > (len(LARGEST), LARGEST):
            raise BadInput(Sentence("A whole number is too large; send its figures as text."))
    return orjson.loads(content)


class StrictJson(DefaultJSONProvider):
    """The application's JSON: bodies are read as strictly wherever a library reads them. Its own
    reader ends in an error of ours on a text that is nested too deeply."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return read_json(s if isinstance(s, bytes) else s.encode())
