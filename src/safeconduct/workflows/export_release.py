"""What is held of a release, for a file that other people's software reads: its versions, its answer, its STIX form.

On the owner's node and on the partner's: what crossed is the same on both. Nothing of the report is in it.
"""

from dataclasses import dataclass

from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, is_signed, version_of
from safeconduct.alerts.release import Release
from safeconduct.errors import SafeconductError
from safeconduct.seal.canonical import decode_cbor
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.common import partner_of, require_agreement
from safeconduct.workflows.envelopes import LIMIT
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class CrossedRelease:
    """A release as it crossed.

    `versions`: all that are held, the first one first; `owner`: id of the party that gave it; `stix`: the bundle of the
    newest version, as it crossed; `answer`: the newest signed acknowledgement of that version, if there is one.
    """

    versions: tuple[Release, ...]
    owner: str
    stix: bytes
    answer: Acknowledgement | None


def crossed_release(node: Node, release_id: str) -> CrossedRelease:
    """Return what crossed of a release.

    Raises:
        SafeconductError: `unknown-release`.
    """
    with node.store.reading() as tx:
        rows = tx.alerts.versions(release_id)
        if not rows:
            raise SafeconductError("unknown-release", f"there is no release {release_id}")
        versions = tuple(releases.from_json(row.body) for row in rows)
        owner = node.party if rows[0].direction == "sent" else partner_of(node, require_agreement(tx))
        answers = [
            one
            for one in answers_to(tx, release_id)
            if isinstance(one, Acknowledgement) and is_signed(one) and version_of(one) == versions[-1].version
        ]
        stix = _body(tx, rows[-1].ledger_index)
    return CrossedRelease(versions, owner, stix, answers[-1] if answers else None)


def _body(tx: Tx, index: int) -> bytes:
    entry = tx.ledger.entry(index)
    if entry is None:
        raise SafeconductError("unknown-release", f"entry {index} of the ledger is missing")
    outer = decode_cbor(entry.envelope, where="envelope", limit=LIMIT)
    body = decode_cbor(outer["e"], where="envelope.e", limit=LIMIT)["body"]
    assert isinstance(body, bytes)  # noqa: S101  (its envelope was checked when it was logged)
    return body
