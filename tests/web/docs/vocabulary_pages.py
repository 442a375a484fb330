"""The page about the words of BPMN and Camunda that are read, harmless or reported, in both
languages: `python -m tests.web.docs.vocabulary_pages` writes it from the tables of the reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.models.bpmn.known.lexicon import Words
from engine.models.bpmn.known.of_bpmn import BPMN_WORDS
from engine.models.bpmn.known.of_camunda import CAMUNDA_WORDS
from engine.sentences.sentence import Sentence
from web.translations import language

DOCS = Path(__file__).parents[3] / "docs"
FILES = {"id": "vocabulary.md", "en": "vocabulary.en.md"}

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "The words of BPMN and Camunda",
        "intro": "Every property that the descriptors of `bpmn-moddle`, `camunda-bpmn-moddle`"
        " and `zeebe-bpmn-moddle` name stands here once, as `Type.property`; `Type.*` is all of a"
        " type. Read: for each such word a test runs a model with it and without it, or with"
        " another value, and what can be seen of the two differs: the way taken, variables, tasks"
        " and their forms, later work, messages, incidents, history, or what the deployment says."
        " Harmless: left out or put in, it changes nothing that can be seen, and why; the"
        " attributes among these are put into all those models by a test. Told: a finding at"
        " deployment says so, with what to write instead; a value that says what happens anyway"
        " is not told. Words of Camunda that stand in no descriptor are told too; those of"
        " Camunda 8 (`zeebe`) with one finding for the file (`foreign-vocabulary`).",
        "read": "Read",
        "harmless": "Harmless",
        "told": "Told",
        "refused": "Found with the element it belongs to, by its code",
        "why": "Why",
        "write": "What to write or do",
        "words": "Words",
        "code": "Code",
    },
    "id": {
        "title": "Kata-kata BPMN dan Camunda",
        "intro": "Setiap properti yang disebut deskriptor `bpmn-moddle`, `camunda-bpmn-moddle`,"
        " dan `zeebe-bpmn-moddle` tercantum di sini satu kali, sebagai `Tipe.properti`; `Tipe.*`"
        " berarti semua milik satu tipe. Dibaca: untuk setiap kata itu sebuah uji menjalankan"
        " model dengan dan tanpanya, atau dengan nilai lain, dan yang terlihat dari keduanya"
        " berbeda: jalan yang diambil, variabel, tugas dan formulirnya, pekerjaan nanti, pesan,"
        " insiden, riwayat, atau jawaban pemasangan. Tidak berpengaruh: dihapus atau disisipkan,"
        " tidak ada yang terlihat berubah, beserta alasannya; yang berupa atribut disisipkan"
        " sebuah uji ke semua model itu. Diberitahukan: temuan saat pemasangan mengatakannya,"
        " beserta apa yang ditulis sebagai gantinya; nilai yang menyatakan hal yang memang"
        " terjadi tidak diberitahukan. Kata Camunda yang tidak ada dalam deskriptor juga"
        " diberitahukan; kata Camunda 8 (`zeebe`) dengan satu temuan untuk berkasnya"
        " (`foreign-vocabulary`).",
        "read": "Dibaca",
        "harmless": "Tidak berpengaruh",
        "told": "Diberitahukan",
        "refused": "Ditemukan bersama elemen pemiliknya, menurut kodenya",
        "why": "Alasan",
        "write": "Yang ditulis atau dilakukan",
        "words": "Kata",
        "code": "Kode",
    },
}


def page(code: str) -> str:
    """The page in a language of the product."""
    texts = TEXTS[code]
    lines = [f"# {texts['title']}", "", texts["intro"]]
    for title, words in (("BPMN 2.0.2", BPMN_WORDS), ("Camunda 7", CAMUNDA_WORDS)):
        lines += ["", f"## {title}", *_tables(words, texts, code)]
    return "\n".join(lines) + "\n"


def _tables(words: Words, texts: Mapping[str, str], code: str) -> Iterator[str]:
    yield from ("", f"### {texts['read']}", "", _listed(words.read))
    advice = {word: told.advice for word, told in words.told.items()}
    for title, why, sentences in (
        (texts["harmless"], texts["why"], words.harmless),
        (texts["told"], texts["write"], advice),
    ):
        yield from ("", f"### {title}", "", f"| {texts['words']} | {why} |", "|---|---|")
        for sentence, of in _grouped(sentences):
            yield f"| {_listed(of)} | {language(code).render(sentence)} |"
    yield from ("", f"### {texts['refused']}", "")
    yield from (f"| {texts['words']} | {texts['code']} |", "|---|---|")
    codes: dict[str, list[str]] = defaultdict(list)
    for word, found in words.refused.items():
        codes[found].append(word)
    yield from (f"| {_listed(of)} | `{found}` |" for found, of in sorted(codes.items()))


def _grouped(sentences: Mapping[str, Sentence]) -> list[tuple[Sentence, list[str]]]:
    """In the order of the tables; sentences hold facts, so they are told apart by their text."""
    texts: dict[str, tuple[Sentence, list[str]]] = {}
    for word, sentence in sentences.items():
        texts.setdefault(sentence.render(), (sentence, []))[1].append(word)
    return list(texts.values())


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


def main() -> None:
    """Write the page in every language."""
    for code, name in FILES.items():
        (DOCS / name).write_text(page(code))


if __name__ == "__main__":
    main()
