"""`python -m web.translations.update`: bring the catalogue up to date with the sources.

Owns the list of places with sentences. Developers run it; the product never does. Exits with 1 and
names the sentences without a translation.
"""

from __future__ import annotations

import sys
from os import PathLike
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from web.translations import DEFAULT, DIRECTORY, catalogue_file

ROOT = DIRECTORY.parent.parent
HEADER = """# Indonesian, shown first. Words of the domain stand here as its glossary has them.
msgid ""
msgstr ""
"Project-Id-Version: Tindak\\n"
"Language: id\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None}


def sentences(root: Path = ROOT) -> Catalog:
    """Every sentence of the sources, without translations."""
    found = Catalog(project="Tindak", charset="utf-8", fuzzy=False)
    with (DIRECTORY / "babel.cfg").open() as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]  # Babel
    for _file, _line, message, _comments, context in extract_from_dir(
        root, methods, options, KEYWORDS, directory_filter=_is_source
    ):
        found.add(message, context=context)
    return found


def untranslated(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """Message ids of `wanted` that have no finished translation in `catalogue`."""
    missing = []
    for message in wanted:
        known = catalogue.get(message.id, message.context) if message.id else None
        if message.id and (known is None or known.fuzzy or not _complete(known.string)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main() -> int:
    """Merge new sentences into the default language's catalogue and report the open ones."""
    file = catalogue_file(DEFAULT, "messages")
    wanted = sentences()
    catalogue = read(DEFAULT)
    # No guesses: a person must translate a sentence that merely resembles an old one.
    catalogue.update(wanted, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with file.open("wb") as target:
        # Babel's own header has the time of the run, a difference without a meaning.
        target.write(HEADER.encode())
        write_po(target, catalogue, width=100, no_location=True, sort_output=True, omit_header=True)
    missing = untranslated(catalogue, wanted)
    sys.stdout.writelines(f"{message}\n" for message in missing)
    return 1 if missing else 0


def read(code: str, domain: str = "messages") -> Catalog:
    """A catalogue in its present form; empty if there is none yet."""
    file = catalogue_file(code, domain)
    if not file.exists():
        return Catalog(locale=code, project="Tindak", charset="utf-8", fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale=code)


def _is_source(folder: str | PathLike[str]) -> bool:
    name = Path(folder).name
    return name not in ("node_modules", "tests", "docs") and not name.startswith((".", "_"))


def _complete(string: object) -> bool:
    parts = string if isinstance(string, tuple | list) else [string]
    return bool(parts) and all(parts)


if __name__ == "__main__":
    sys.exit(main())
