"""From settings to a running service: the one place that composes the product.

Every process (web worker, scheduler, command) uses it.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import make_url

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say
from processes.acts.service import Options, Service
from processes.composition import open_as_it_is as open_product_as_it_is
from processes.composition import open_service as open_product
from processes.papers.compilation_orders import Wanted, Write
from processes.people.seed import seed_institutions
from processes.rights.scope import operator
from web.addresses import ADDRESSES
from web.configuration.settings import (
    PREFIX,
    Settings,
    SettingsError,
    read_settings,
    serving_findings,
)
from web.translations.model_english import TRANSLATED, of_mails

PRIVATE_MASK = 0o077
"""Only the product's own account can read its files."""
ENCRYPTION = re.compile("SSL|certificate")
"""libpq's words for errors of encryption."""
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def settings_or_exit(*, serving: bool = False) -> Settings:
    """The settings; if some are wrong, print every finding on standard error and exit with status
    2. `serving`: for web pages, which need more settings than a command."""
    try:
        settings = read_settings()
        findings = serving_findings(settings) if serving else []
    except SettingsError as error:
        findings = error.findings
    if findings:
        sys.stderr.write("".join(f"{finding}\n" for finding in findings))
        sys.exit(2)
    structlog.configure(
        # Never with the values of variables: the trace of a form would hold a person's entries.
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.log_level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return settings


def is_sqlite(settings: Settings) -> bool:
    """Whether the database is embedded: then there is one serving process."""
    return settings.engine_url.startswith("sqlite")


def prepare_folder(settings: Settings) -> None:
    """Make the data folder private, and all files that this process writes from now on."""
    os.umask(PRIVATE_MASK)
    settings.data_dir.mkdir(parents=True, exist_ok=True)


def open_service(settings: Settings, clock: Callable[[], datetime] | None = None) -> Service:
    """The product on its database; an empty database gets its tables. `clock` None: the stored
    clock.

    Raises Unavailable for a database out of reach or of another version.
    """
    prepare_folder(settings)
    with naming_the_demand(settings):
        service = open_product(settings.engine_url, _options(settings), clock, _files_of(settings))
        seed_institutions(service, operator())
    return service


def open_as_it_is(settings: Settings) -> Service:
    """The product for looking only: neither folder nor database nor table is created. Raises
    Unavailable if something of it is not there."""
    file = database_file(settings)
    if file is not None and not file.exists():
        raise Unavailable(say("There is no database {file} yet.", file=str(file)))
    with naming_the_demand(settings):
        return open_product_as_it_is(settings.engine_url, _options(settings))


def database_file(settings: Settings) -> Path | None:
    """The file of the embedded database, if it has one."""
    name = make_url(settings.engine_url).database if is_sqlite(settings) else None
    return Path(name) if name else None


def _options(settings: Settings) -> Options:
    return Options(
        data_dir=settings.data_dir,
        base_url=settings.origin,
        addresses=ADDRESSES,
        smtp_url=settings.smtp_url,
        smtp_tls=settings.smtp_tls,
        mail_from=settings.mail_from,
        demo=settings.demo,
        backup_dir=settings.backup_dir,
        translate=of_mails,
        translated=TRANSLATED,
        zone=settings.zone,
    )


def _files_of(settings: Settings) -> Write:
    """What makes the files of ordered compilations."""

    def write(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
        from web.documents import compiling  # here: commands make no document

        return compiling.files(settings.origin)(wanted)

    return write


@contextmanager
def naming_the_demand(settings: Settings) -> Iterator[None]:
    """If the demand for encryption keeps the database out of reach, name it in the error: the
    server answers all other clients, so the operator would not find the cause."""
    try:
        yield
    except Unavailable as error:
        told = str(getattr(error.__cause__, "orig", "")).strip().splitlines()
        why = next((line.strip() for line in reversed(told) if ENCRYPTION.search(line)), None)
        if why is None or not settings.database_tls:
            raise
        demand = say(
            "{setting} is on, and the database does not answer encrypted and proven: {why}",
            setting=f"{PREFIX}DATABASE_TLS", why=why,
        )  # fmt: skip
        raise Unavailable(demand) from error


def keep_what_is_loaded() -> None:
    """Call it before a process begins to serve. All loaded objects stay to the end, so the garbage
    collector need not look at them again; that would take 0.1 s in the middle of a request."""
    gc.collect()
    gc.freeze()


@contextmanager
def service_from_environment(
    opened: Callable[[Settings], Service] = open_service,
) -> Iterator[Service]:
    """The service of a command: opened, and closed at the end."""
    service = opened(settings_or_exit())
    try:
        yield service
    finally:
        service.close()
