"""Reports for the review of sources, and a reader whose suggestions are given by hand."""

from dataclasses import replace

from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.model import DIRECT, Happening, Reading, Suggestion, Tie

FERRY = """Blast at the ferry landing

2 May 2024

Nine sailors were killed at the ferry landing on Wednesday, the harbour office said.
“We will search every boat,” said the harbour master, asked about the next crossing.
Dozens of travellers and 3 guards were hurt.
The harbour office denied that the gate had been closed.
"""
LATER = """Toll at the ferry landing

4 May 2024

Eleven sailors were killed at the ferry landing, the harbour office said on Friday.
"""
BLAST = Happening("h1", "attack", "2024-05-01", "ferry-landing", "Blast at the ferry landing")
HARBOUR = {"claimant": "harbour office", "claimant_kind": "body", "incident": "h1", "said": "2024-05-02"}
KILLED = {
    **HARBOUR, "population": "sailors", "outcome": "killed", "unit": "people", "meant": "2024-05-01",
    "meant_wording": "Wednesday",
}  # fmt: skip
# words of the report, kind, fields of the suggestion
IN_FERRY = (
    ("Nine sailors", "figure", {**KILLED, "min": 9, "max": 9, "basis": "exact"}),
    (
        "We will search every boat,",
        "quotation",
        {**HARBOUR, "claimant": "harbour master", "claimant_kind": "person", "speech": DIRECT,
         "question": "about the next crossing", "relay": ("a wire service",)},
    ),
    (
        "Dozens of travellers",
        "figure",
        {"population": "travellers", "outcome": "injured", "unit": "people", "basis": "dozens", "incident": "h1",
         "ambiguous": "one verb for two groups"},
    ),
    ("3 guards", "figure", {"population": "guards", "outcome": "injured", "unit": "people", "min": 3, "max": 3,
                            "basis": "exact"}),
    ("denied that the gate had been closed", "denial", {**HARBOUR, "population": "the closing of the gate"}),
)  # fmt: skip
IN_LATER = (
    ("Eleven sailors", "figure",
     {**KILLED, "min": 11, "max": 11, "basis": "exact", "said": "2024-05-03", "said_wording": "on Friday"}),
)  # fmt: skip


def by_hand(*tables, ties=(), origins=None):
    """A reader that suggests what stands in the tables, wherever the words are found; `read.asked` counts its runs."""

    def read(files, *, published=None):
        read.asked.append([name for name, _ in files])
        documents = [read_document(name, data, published=(published or {}).get(name, "")) for name, data in files]
        found = []
        for document in documents:
            for words, kind, fields in (row for table in tables for row in table):
                start = document.text.find(words)
                if start >= 0:
                    name = f"{document.digest[:8]}-{start}-{kind}"
                    quote = {"quote": words} if kind == "quotation" else {}
                    found.append(Suggestion(name, document.file, start, start + len(words), kind, **fields, **quote))
        ids = {words: one.id for one in found for words in [text_of(documents, one)]}
        made = [Tie(ids[a], ids[b], kind, "by hand") for a, b, kind in ties if a in ids and b in ids]
        texts = {document.file: document.text for document in documents}
        first = {file: next((f for f in texts if f.endswith(origin)), origin)
                 for file in texts for end, origin in (origins or {}).items() if file.endswith(end)}  # fmt: skip
        return Reading(
            tuple(documents), tuple(found), (), (), tuple(made), (BLAST,), {f: first.get(f, f) for f in texts}
        )

    read.asked = []
    return read


def text_of(documents, one):
    return next(d.text for d in documents if d.file == one.file)[one.start : one.end]


def dated_reader():
    """A reader that works out the day of saying from the day of publication."""

    def read(files, *, published=None):
        found = by_hand(IN_LATER)(files, published=published)
        days = {document.file: document.published for document in found.documents}
        return replace(found, suggestions=tuple(replace(one, said=days[one.file]) for one in found.suggestions))

    return read
