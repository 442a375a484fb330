"""Examples of the acts on templates of documents."""

from __future__ import annotations

from io import BytesIO

from processes.documents import office_templates, word_template
from processes.documents.kinds import REPORT
from processes.files.blobs import Blob, BlobFolder
from tests.processes.acts.examples import Example, Scene, role
from tests.processes.acts.stage import Stage


def _received(stage: Stage) -> Blob:
    content = word_template.ours(REPORT, str, "id")
    folder = BlobFolder(stage.service.options.evidence_dir)
    return folder.receive(BytesIO(content), "laporan.docx")


def _brought(stage: Stage) -> Scene:
    return Scene(("report", "id", _received(stage)))


def _version(stage: Stage) -> Scene:
    admin = stage.world.person("admin")
    return Scene((office_templates.bring(stage.service, admin, "report", "id", _received(stage)),))


def _chosen(stage: Stage) -> Scene:
    [id] = _version(stage).args
    office_templates.choose(stage.service, stage.world.person("admin"), id)
    return Scene(("report", "id"))


EXAMPLES = tuple(
    Example(f"processes.documents.office_templates.{act}", "admin", scene, (role("admin"),))
    for act, scene in (("bring", _brought), ("choose", _version), ("return_to_ours", _chosen))
)
