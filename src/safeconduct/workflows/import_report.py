"""Keep what somebody else's software sent as a draft report: for a person to complete, never to be released by itself.

The file is archived as it came, sealed, so that whatever we do not understand in it can still be passed on. A draft
says what was taken out of it, in the texts that the entry form shows, and what a person has to fill in. It is no
report: nothing can be released from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.operators.people import KEYBOARD
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.keep_operators import may_act
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

DRAFT, ORIGINAL, CLOSED = "report-draft", "report-original", "report-draft-closed"
LIMIT_BYTES = 2 << 20  # of one file
GRADE = ("F", "6")  # reliability and credibility cannot be judged, until somebody does

# What a report needs, in the order of the entry form, and how the draft asks for it.
NEEDED: Mapping[str, str] = {
    "what": "what is threatened",
    "threatened_class": "which class of people is threatened",
    "site": "the name of the place",
    "lat": "its position",
    "lon": "its position",
    "precision_m": "how exactly the place is known",
    "window_from": "when it may begin",
    "window_to": "when it is over",
    "actor": "who would do it",
    "likelihood": "how likely it is, in our own judgement",
    "advised_action": "what people should do",
    "handling": "how it is marked (TLP)",
    "harm_answer": "who could be harmed if this is acted on",
}


def in_words(missing: Iterable[str]) -> tuple[str, ...]:
    """What a person has to fill in, each thing once."""
    return tuple(dict.fromkeys(NEEDED[name] for name in missing))


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a reader made of one report in a file.

    `fields`: texts by the names of a report's fields (positions in degrees, times as 2021-08-26T13:00:00Z), besides
    `source_name`, `source_reliability`, `source_credibility`; what is not known is not there. `remarks`: what a person
    should know. `standing`: "new", "update" or "withdrawn", by the producer's word. `name`: how the producer's other
    messages name this one; `refers`: the names of those that it replaces.
    """

    form: str
    producer: str
    fields: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    standing: str = "new"
    name: str = ""
    refers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as the operations room sees it; `missing`: what a person has to fill in, `state`: open, used, set-aside.

    `earlier`: drafts and reports of messages that this one replaces; `later`: drafts that replace this one.
    """

    id: str
    form: str
    filename: str
    digest: str
    producer: str
    at: int
    standing: str
    fields: Mapping[str, str]
    remarks: tuple[str, ...]
    missing: tuple[str, ...]
    state: str
    report: str
    earlier: tuple[str, ...]
    later: tuple[str, ...]


def import_report(
    node: Node, data: bytes, drafted: Sequence[Drafted], filename: str, *, by: str = KEYBOARD
) -> tuple[str, ...] | Refusal:
    """Archive a file and store its drafts; return their ids. The same file again returns the same ids.

    The ledger gets a salted digest: it shows later what was there, and tells its reader nothing. `by`: the office that
    brings the file, which needs the role to enter reports.
    """
    digest = sha256(data).hexdigest()
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "enter")
        if refusal is not None:
            return refusal
        if tx.records.latest(ORIGINAL, digest) is not None:
            return tuple(i for i, one in _all(node, tx).items() if one.digest == digest)
        now = node.clock.now()
        tx.records.add(ORIGINAL, digest, node.vault.seal(data), now)
        ids = []
        for one in drafted:
            draft_id = node.random.id()
            ids.append(draft_id)
            tx.records.add(DRAFT, draft_id, node.vault.seal(encode_json(_plain(one, digest, filename))), now)
        salted = sha256(node.random.bytes(32) + data).hexdigest()
        body = encode_json({"by": by, "digest": salted, "drafts": len(ids)})
        tx.ledger.append("own:import", body, node.random.bytes(32), now)
    return tuple(ids)


def list_drafts(node: Node, *, closed: bool = False) -> tuple[DraftView, ...]:
    """Drafts that wait for a person, newest first; with `closed` also those that were used or set aside."""
    with node.store.reading() as tx:
        views = _views(node, tx)
    return tuple(one for one in reversed(views) if closed or one.state == "open")


def show_draft(node: Node, draft_id: str) -> DraftView:
    """One draft.

    Raises:
        SafeconductError: `no-draft`.
    """
    with node.store.reading() as tx:
        found = next((one for one in _views(node, tx) if one.id == draft_id), None)
    if found is None:
        raise SafeconductError("no-draft", f"there is no draft {draft_id}; `safeconduct report drafts` lists them")
    return found


def read_draft(node: Node, draft_id: str) -> dict[str, str]:
    """Texts of a draft for the entry form, by the names of a report's fields.

    Raises:
        SafeconductError: `no-draft`.
    """
    return dict(show_draft(node, draft_id).fields)


def original_of(node: Node, draft_id: str) -> tuple[str, bytes]:
    """Name and bytes of the file that a draft came from, exactly as it came.

    Raises:
        SafeconductError: `no-draft`.
    """
    view = show_draft(node, draft_id)
    with node.store.reading() as tx:
        kept = tx.records.latest(ORIGINAL, view.digest)
    if kept is None:
        raise SafeconductError("no-draft", f"the file of draft {draft_id} is not here")
    return view.filename, node.vault.open(kept[0])


def close_draft(node: Node, draft_id: str, report_id: str = "", *, by: str = KEYBOARD) -> Refusal | None:
    """Note that a draft became a report, or with no report that it was set aside; it stays on record.

    Raises:
        SafeconductError: `no-draft`.
    """
    show_draft(node, draft_id)
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "enter")
        if refusal is not None:
            return refusal
        now = node.clock.now()
        if tx.records.add(CLOSED, draft_id, report_id.encode(), now):
            body = encode_json({"by": by, "draft": draft_id, "state": "used" if report_id else "set-aside"})
            tx.ledger.append("own:draft-closed", body, node.random.bytes(32), now)
    return None


def _plain(one: Drafted, digest: str, filename: str) -> dict[str, object]:
    return {
        "digest": digest,
        "fields": dict(one.fields),
        "filename": filename,
        "form": one.form,
        "name": one.name,
        "producer": one.producer,
        "refers": list(one.refers),
        "remarks": list(one.remarks),
        "standing": one.standing,
    }


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stored draft, opened."""

    drafted: Drafted
    digest: str
    filename: str
    at: int


def _all(node: Node, tx: Tx) -> dict[str, _Kept]:
    """Every draft by id, oldest first."""
    return {i: _opened(decode_json(node.vault.open(body), where="draft"), at) for i, body, at in tx.records.all(DRAFT)}


def _opened(plain: dict[str, Any], at: int) -> _Kept:
    order = [*NEEDED, *(name for name in plain["fields"] if name not in NEEDED)]
    fields = {name: plain["fields"][name] for name in order if name in plain["fields"]}
    drafted = Drafted(plain["form"], plain["producer"], fields, tuple(plain["remarks"]), plain["standing"],
                      plain["name"], tuple(plain["refers"]))  # fmt: skip
    return _Kept(drafted, plain["digest"], plain["filename"], at)


def _views(node: Node, tx: Tx) -> list[DraftView]:
    kept = _all(node, tx)
    closed = {draft_id: body.decode() for draft_id, body, _ in tx.records.all(CLOSED)}
    named: dict[str, list[str]] = {}
    replaced: dict[str, list[str]] = {}
    for draft_id, one in kept.items():
        named.setdefault(one.drafted.name, []).append(draft_id)
        for name in one.drafted.refers:
            replaced.setdefault(name, []).append(draft_id)
    views = []
    for draft_id, one in kept.items():
        drafted, report = one.drafted, closed.get(draft_id)
        earlier = [i for name in drafted.refers for i in named.get(name, ()) if i != draft_id]
        later = [i for i in replaced.get(drafted.name, ()) if drafted.name and i != draft_id]
        views.append(
            DraftView(
                id=draft_id,
                form=drafted.form,
                filename=one.filename,
                digest=one.digest,
                producer=drafted.producer,
                at=one.at,
                standing=drafted.standing,
                fields=drafted.fields,
                remarks=drafted.remarks,
                missing=tuple(name for name in NEEDED if not drafted.fields.get(name)),
                state="open" if report is None else "used" if report else "set-aside",
                report=report or "",
                earlier=tuple(earlier),
                later=tuple(later),
            )
        )
    return views
