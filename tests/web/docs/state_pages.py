"""The page about the states and the moves between them, in both languages: `python -m
tests.web.docs.state_pages` writes it from the tables of `processes.register.states`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from processes.register.agreement_states import (
    AGREEMENT_ENDED,
    AGREEMENT_MOVES,
    AgreementKind,
    AgreementState,
    Outcome,
)
from processes.register.groups import Group
from processes.register.report_requests import REQUEST_MOVES, NotDue, ReportRequestState
from processes.register.states import (
    ENDED,
    MEETING_ENDED,
    MEETING_MOVES,
    MOVES,
    RECOMMENDATION_ENDED,
    RECOMMENDATION_MOVES,
    AccountState,
    ExtensionDecision,
    MailState,
    Marked,
    MeetingState,
    Move,
    OverallDecision,
    RecommendationState,
    Reply,
    RequestState,
    Response,
    Stage,
    VerdictKind,
)
from processes.register.verdicts import VERDICTS
from web.translations import language

DOCS = Path(__file__).parents[3] / "docs"
FILES = {"id": "states.md", "en": "states.en.md"}

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "States",
        "intro": "What a follow-up and a recommendation wait for, and which act leads from one"
        " state to the next. The picture shows the order in which the shipped diagrams ask for the"
        " acts; whoever owns a process may draw another. Where an act leads, and that"
        " nothing follows an end, holds in every drawing. Each change leaves a dated row, so"
        " that any past moment can be asked for.",
        "follow_up": "A follow-up",
        "recommendation": "A recommendation",
        "meeting": "A rakor",
        "request": "A request for a report, with one institution",
        "agreement": "An agreement of a rakor",
        "others": "Other states",
        "verdicts": "Verdicts",
        "of_verdicts": "Verdicts are data: `processes/follow_up/verdicts.json`. What follows"
        " from one is its kind.",
        "groups": "Groups of follow-ups",
        "of_groups": "Each follow-up is counted in exactly one group, so they add up to the total."
        " A group is made of the stage and of the kind of the verdict"
        " (`processes/register/groups.py`): only what was closed as conforming is done.",
        "value": "Value",
        "words": "Words",
        "colour": "Mark",
        "kind": "Kind",
    },
    "id": {
        "title": "Status",
        "intro": "Apa yang ditunggu oleh tindak lanjut dan rekomendasi, dan tindakan mana yang"
        " membawa dari satu status ke status berikutnya. Gambar menunjukkan urutan tindakan"
        " pada diagram bawaan; pemilik proses boleh menggambar urutan lain. Ke mana suatu"
        " tindakan membawa, dan bahwa tidak ada yang menyusul sesudah akhir, berlaku pada"
        " setiap gambar. Setiap perubahan meninggalkan baris bertanggal, sehingga keadaan"
        " pada saat mana pun dapat ditanyakan.",
        "follow_up": "Tindak lanjut",
        "recommendation": "Rekomendasi",
        "meeting": "Rakor",
        "request": "Permintaan laporan, dengan satu instansi",
        "agreement": "Kesepakatan rakor",
        "others": "Status lain",
        "verdicts": "Status tindak lanjut",
        "of_verdicts": "Status tindak lanjut adalah data: `processes/follow_up/verdicts.json`. Yang"
        " menyusul ditentukan oleh jenisnya.",
        "groups": "Kelompok tindak lanjut",
        "of_groups": "Setiap tindak lanjut dihitung dalam tepat satu kelompok, sehingga jumlah"
        " kelompok sama dengan keseluruhan. Kelompok ditentukan oleh tahap dan jenis status tindak"
        " lanjut (`processes/register/groups.py`): hanya yang ditutup sebagai sesuai yang selesai.",
        "value": "Nilai",
        "words": "Kata",
        "colour": "Tanda",
        "kind": "Jenis",
    },
}
OTHERS = (
    Response, Reply, VerdictKind, ExtensionDecision, OverallDecision, RequestState, MailState,
    AccountState, NotDue, AgreementKind, Outcome,
)  # fmt: skip


def page(code: str) -> str:
    """The page in a language of the product."""
    texts = TEXTS[code]
    lines = [
        f"# {texts['title']}", "", texts["intro"],
        *_machine(texts["follow_up"], texts, code, Stage, MOVES, ENDED),
        *_machine(
            texts["recommendation"], texts, code, RecommendationState, RECOMMENDATION_MOVES,
            RECOMMENDATION_ENDED,
        ),
        *_machine(texts["meeting"], texts, code, MeetingState, MEETING_MOVES, MEETING_ENDED),
        *_machine(
            texts["request"], texts, code, ReportRequestState, REQUEST_MOVES,
            (ReportRequestState.ANSWERED, ReportRequestState.DROPPED),
        ),
        *_machine(
            texts["agreement"], texts, code, AgreementState, AGREEMENT_MOVES, AGREEMENT_ENDED
        ),
        "", f"## {texts['verdicts']}", "", texts["of_verdicts"], "",
        f"| {texts['value']} | {texts['words']} | {texts['kind']} |", "|---|---|---|",
        *(
            f"| `{one.value}` | {language(code).render(one.name)} | `{one.kind.value}` |"
            for one in VERDICTS.values()
        ),
        "", f"## {texts['groups']}", "", texts["of_groups"], "", *_words(Group, texts, code),
        "", f"## {texts['others']}", "",
        *_words([one for kind in OTHERS for one in kind], texts, code),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _machine(
    title: str,
    texts: Mapping[str, str],
    code: str,
    states: Iterable[Marked],
    moves: Sequence[Move[Any, Any]],
    ended: Sequence[StrEnum],
) -> Iterator[str]:
    yield from ("", f"## {title}", "", *_words(states, texts, code), "", "```mermaid")
    yield from ("stateDiagram-v2", f"    [*] --> {next(iter(states)).value}")
    for move in moves:
        yield from (f"    {at.value} --> {move.to.value}: {_act(move.act)}" for at in move.drawn)
    yield from (*(f"    {state.value} --> [*]" for state in ended), "```")


def _act(act: StrEnum) -> str:
    """An act by its enum where its value alone could be another's."""
    return act.value if "Deed" in type(act).__name__ else f"{type(act).__name__} {act.value}"


def _words(states: Iterable[Marked], texts: Mapping[str, str], code: str) -> Iterator[str]:
    yield from (f"| {texts['value']} | {texts['words']} | {texts['colour']} |", "|---|---|---|")
    for one in states:
        yield f"| `{one.value}` | {language(code).render(one.sentence)} | {one.role} |"


def main() -> None:
    """Write the page in every language."""
    for code, name in FILES.items():
        (DOCS / name).write_text(page(code))


if __name__ == "__main__":
    main()
