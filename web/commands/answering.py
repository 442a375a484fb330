"""Whether the pages of this machine can be reached: asked by `tindak doctor` from outside, as a
browser would."""

from __future__ import annotations

import http.client
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

from engine.sentences.sentence import Sentence, say
from processes.operation.finding import Finding
from web.configuration.settings import PREFIX, Settings

ALIVE: Final = "/healthz"
PATIENCE_SECONDS: Final = 5
EVERY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def finding(settings: Settings) -> Finding:
    """Whether this product answers at its port."""
    words = _wrong(settings)
    well = say("Pages answer at port {port} of {host}.", port=settings.port, host=settings.host)
    return Finding(say("Port"), words is None, words or well)


def _wrong(settings: Settings) -> Sentence | None:
    place = {"port": settings.port, "host": settings.host, "setting": f"{PREFIX}PORT"}
    host = EVERY_ADDRESS.get(settings.host, settings.host)
    try:
        status = _asked(host, settings)
    except (OSError, http.client.HTTPException) as error:
        return say(
            "Nothing answers at port {port} of {host}: {why}. Start `tindak serve`, or correct "
            "{setting}.",
            why=str(error) or type(error).__name__, **place,
        )  # fmt: skip
    if status == http.client.OK:
        return None
    return say(
        "Another program seems to answer at port {port} of {host}: stop it, or set {setting} to a "
        "free port.",
        **place,
    )


def _asked(host: str, settings: Settings) -> int:
    name = urlsplit(settings.origin).netloc
    with closing(http.client.HTTPConnection(host, settings.port, PATIENCE_SECONDS)) as line:
        line.request("GET", ALIVE, headers={"Host": name})
        return line.getresponse().status
