"""The answers of a person of the demo in a form: a script's answers with their places filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from engine.storage.cases.worklist import Task
from processes.acts.service import Service
from processes.demo.acts import FILE, LATER, REMAINING, Answers
from processes.files import uploads
from processes.files.blobs import BlobFolder
from processes.follow_up.decisions import current_deadline
from processes.rights.scope import Scope
from processes.storage.cases import follow_up_rows
from processes.storage.people import institutions

IN_DAYS = re.compile(r"\{in (\d+)\}")


@dataclass(frozen=True, slots=True)
class Desk:
    """The person's task and day. `texts`: place in an answer -> its text."""

    service: Service
    scope: Scope
    task: Task
    today: date
    texts: Mapping[str, str]

    def filled(self, answers: Answers) -> dict[str, Any]:
        """The answers as submitted."""
        return {key: self._value(value) for key, value in answers.items()}

    def _value(self, value: Any) -> Any:
        if value == FILE:
            return [str(self._upload())]
        if value in REMAINING.values():
            return self._remaining(next(one for one in REMAINING if REMAINING[one] == value))
        if value == LATER:
            case = UUID(str(self.task.business_key))
            return later(self.service, case, self.today).isoformat()
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, dict):
            return self.filled(value)
        if not isinstance(value, str):
            return value
        if found := IN_DAYS.fullmatch(value):
            return (self.today + timedelta(days=int(found[1]))).isoformat()
        for place, text in self.texts.items():
            value = value.replace(place, text)
        return value

    def _remaining(self, treatment: str) -> list[dict[str, str]]:
        """A row for each follow-up of the recommendation that is still open."""
        with self.service.reading() as connection:
            every = institutions.choices(connection, UUID(str(self.task.business_key)))
        reason = "Pekerjaan belum selesai, tetapi masih diperlukan."
        return [
            {"institution": one.code, "treatment": treatment, "reason": reason}
            for one in every
            if one.working
        ]

    def _upload(self) -> UUID:
        """A one-page PDF that says it is an example."""
        folder = BlobFolder(self.service.options.evidence_dir)
        name = f"lampiran-{self.task.element_id}.pdf"
        blob = folder.receive(BytesIO(example_pdf(f"DATA CONTOH - {self.task.name}")), name)
        return uploads.add(self.service, self.scope, blob, task_id=self.task.id).id


def later(service: Service, follow_up: UUID, today: date) -> date:
    """A month after the present deadline of a follow-up, or after today."""
    with service.reading() as connection:
        case = follow_up_rows.find(connection, follow_up)
    assert case is not None, "there is such a follow-up"
    return max(current_deadline(case), today) + timedelta(days=30)


def example_pdf(text: str) -> bytes:
    """A minimal PDF 1.4 file of one page with one line (ISO 32000-1, 7.5)."""
    shown = text.encode("latin-1", "replace").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 18 Tf 72 760 Td (" + shown + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    count = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % count + rows + trailer % (count, len(body))
