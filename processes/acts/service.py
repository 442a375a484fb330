"""The parameters of every use case: the engine, the options of this product, the writer of its
mails.

Knows no use case. `processes.composition` builds it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine import Engine
from engine.time.calendar import DEFAULT_ZONE
from processes.ground.letter_language import Translate, untranslated
from processes.notices.addresses import Addresses
from processes.notices.notify import Notifier


@dataclass(frozen=True, slots=True)
class Options:
    """What a composition is told. `base_url`: address people use, without a slash at its end;
    `addresses`: of the pages there; `smtp_url` empty: mails are only shown; `smtp_tls`: no mail
    goes out but encrypted; `backup_dir`: where the operator puts backups; `translate`: see
    `processes.ground.letter_language`; `translated`: texts of models whose English the product
    brings; `zone`: where a deadline ends at 24.00."""

    data_dir: Path
    base_url: str
    addresses: Addresses
    smtp_url: str = ""
    smtp_tls: bool = False
    mail_from: str = ""
    demo: bool = False
    backup_dir: Path | None = None
    translate: Translate = untranslated
    translated: frozenset[str] | None = None
    zone: ZoneInfo = DEFAULT_ZONE

    @property
    def evidence_dir(self) -> Path:
        """The folder of files."""
        return self.data_dir / "evidence"

    @property
    def domain(self) -> str:
        """The end of Message-IDs."""
        return urlsplit(self.base_url).hostname or "localhost"


@dataclass(frozen=True, slots=True)
class Service:
    """The product without its web, for use cases."""

    engine: Engine
    options: Options
    notifier: Notifier

    def reading(self) -> AbstractContextManager[Connection]:
        """A reading transaction."""
        return self.engine.reading()

    def transaction(self) -> AbstractContextManager[Connection]:
        """A writing transaction for rows that belong to no case."""
        return self.engine.transaction()

    def close(self) -> None:
        """Close all connections."""
        self.engine.close()
