"""Sending a stored file: always as an attachment, never run by the browser.

Owns the headers. The caller has checked the right to read the file.
"""

from __future__ import annotations

from flask import Response, send_file

from web.pages.files.uploaded import folder

SANDBOX = "default-src 'none'; sandbox"


def attachment(sha256: str, name: str, media_type: str) -> Response:
    """The file under its submitted name. Raises NotFound if the disk lost it."""
    response = send_file(
        folder().open(sha256), mimetype=media_type, as_attachment=True, download_name=name
    )
    # Even if a browser shows it, it runs without anybody's rights.
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
