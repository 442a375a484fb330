"""Built front-end files: cached for good, sent compressed.

Owns the answer to `/static/dist/`: names contain a hash, so a browser never asks twice. Only these
files are compressed here, because a page contains secrets (BREACH); a proxy may do as it likes.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

DIST = "/static/dist/"
COMPRESSIBLE = (".js", ".css", ".svg", ".json")
FOR_GOOD = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Handle built files in this way."""
    folder = Path(str(app.static_folder))

    @app.after_request
    def shape(response: Response) -> Response:
        if request.path.startswith(DIST) and response.status_code == 200:
            response.headers["Cache-Control"] = FOR_GOOD
            _compress(response, folder / request.path.removeprefix("/static/"))
        return response


def _compress(response: Response, file: Path) -> None:
    if file.suffix not in COMPRESSIBLE or "Range" in request.headers:
        return
    response.headers.add("Vary", "Accept-Encoding")
    if request.accept_encodings["gzip"]:
        response.direct_passthrough = False
        response.set_data(_compressed(file))
        response.headers["Content-Encoding"] = "gzip"


@lru_cache(maxsize=64)
def _compressed(file: Path) -> bytes:
    """The content under a hashed name never changes, so one compression serves the process."""
    return gzip.compress(file.read_bytes(), 9, mtime=0)
