"""Limits of an XML file, checked before a tree is built.

Owns the limits and the one pass that counts. Another parser builds the tree; its cost grows with
the square of the attributes of an element and of the prefixes in scope. This parser only counts, in
one pass, and stops at the first excess.
"""

from __future__ import annotations

from xml.parsers import expat

from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence, say

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 100
"""Levels of nested elements. A hand-drawn model with five nested sub-processes needs about 15; code
that reads the tree may recurse safely below this."""

MAX_ELEMENTS = 60_000
"""Elements of a file, drawing included; twice what 1,500 tasks and their drawing need."""

MAX_ATTRIBUTES = 200
"""Attributes of one element, declarations of prefixes included; editors write about twenty."""

MAX_ATTRIBUTES_OF_FILE = 200_000
"""Attributes of all elements together: four each."""

MAX_PREFIXES = 200
"""Prefixes declared at an element and at those around it."""

BEHIND = 500
"""Bytes behind a fault that the other parser may read to describe it."""

ENCODINGS = frozenset({"unknown encoding", "encoding specified in XML declaration is incorrect"})


class Malformed(Exception):
    """The text is no XML from here on: `place` is the number of bytes before the fault."""

    def __init__(self, line: int, place: int) -> None:
        super().__init__(line)
        self.line = line
        self.place = place


def check_bounds(content: bytes, file: str) -> None:
    """Raises ModelError with one problem for a file that is too large, is nested too deeply,
    declares a document type or exceeds another limit; Malformed for a text that is no XML."""
    if len(content) > MAX_FILE_BYTES:
        raise refused(
            file,
            1,
            say("The file is larger than 10 MB."),
            say("Split the model into several files, or remove embedded pictures."),
        )
    _Count(file).run(content)


def refused(file: str, line: int, what: Sentence, advice: Sentence) -> ModelError:
    """The one problem of a file that is not read at all."""
    return ModelError([Problem(file, "", "", line, "error", "xml", what, advice)])


class _Count:
    """The counts so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.elements = self.attributes = 0
        self.prefixes = [0]
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._enter
        self.parser.EndElementHandler = self._leave
        self.parser.StartDoctypeDeclHandler = self._document_type

    def run(self, content: bytes) -> None:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            if expat.errors.messages[error.code] in ENCODINGS:
                raise self._unread_encoding() from error
            raise Malformed(error.lineno, self.parser.ErrorByteIndex) from error
        except (ValueError, LookupError) as error:  # an encoding that Python does not know
            raise self._unread_encoding() from error

    def _enter(self, _: str, written: list[str]) -> None:
        """`written`: the attributes, name and value in turn."""
        own, depth, reach = len(written) // 2, len(self.prefixes), self.prefixes[-1]
        for name in written[::2]:
            reach += name.startswith("xmlns")
        self.elements += 1
        self.attributes += own
        self.prefixes.append(reach)
        if (
            self.elements > MAX_ELEMENTS
            or depth > MAX_DEPTH
            or own > MAX_ATTRIBUTES
            or reach > MAX_PREFIXES
            or self.attributes > MAX_ATTRIBUTES_OF_FILE
        ):
            raise self._too_much(own, depth, reach)

    def _too_much(self, own: int, depth: int, reach: int) -> ModelError:
        if depth > MAX_DEPTH:
            return self._refused(
                say("Elements are nested more than {limit} levels deep.", limit=MAX_DEPTH),
                say("Move inner sub-processes into processes of their own, and call them."),
            )
        if own > MAX_ATTRIBUTES:
            return self._refused(
                say("An element has more than {limit} attributes.", limit=MAX_ATTRIBUTES),
                say("Remove those that no editor has written."),
            )
        if reach > MAX_PREFIXES:
            return self._refused(
                say("More than {limit} prefixes are declared in one place.", limit=MAX_PREFIXES),
                say("Declare each prefix once, at the first element, and remove those not used."),
            )
        what = (
            say("The file holds more than {limit} XML elements.", limit=MAX_ELEMENTS)
            if self.elements > MAX_ELEMENTS
            else say("The file holds more than {limit} attributes.", limit=MAX_ATTRIBUTES_OF_FILE)
        )
        return self._refused(what, say("Split the model into several files."))

    def _leave(self, _: str) -> None:
        self.prefixes.pop()

    def _document_type(self, *_: object) -> None:
        raise self._refused(
            say("The file declares a document type (DOCTYPE), which models do not use."),
            say("Remove the DOCTYPE and its entities, and write the texts out."),
        )

    def _unread_encoding(self) -> ModelError:
        return self._refused(
            say("The file names an encoding that is not read here."),
            say("Save it as UTF-8."),
        )

    def _refused(self, what: Sentence, advice: Sentence) -> ModelError:
        return refused(self.file, self.parser.CurrentLineNumber, what, advice)
