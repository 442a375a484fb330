"""Sending a stored file: always as an attachment, never run by the browser.

Owns the headers. Whether somebody may read the file was asked before.
"""

from __future__ import annotations

from flask import Response, send_file

from web.pages.files.uploaded import folder

SANDBOX = "default-src 'none'; sandbox"


def attachment(sha256: str, name: str, media_type: str) -> Response:
    """The file under the name it was handed in with. Raises NotFound when the disk lost it."""
    response = send_file(
        folder().open(sha256), mimetype=media_type, as_attachment=True, download_name=name
    )
    # Even where a browser would show it, it runs in nobody's name.
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
