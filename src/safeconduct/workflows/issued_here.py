"""Passes that this node signed itself, known again by their bytes, which costs a tenth of verifying (decision 0015)."""

from collections.abc import Iterable, Mapping
from hmac import compare_digest
from typing import NamedTuple

from safeconduct.errors import BadInput
from safeconduct.passes.bundle import LoadedBundle
from safeconduct.passes.pass_format import PREFIX, claimed, from_text
from safeconduct.workflows.tables import Tx


class Issued(NamedTuple):
    """A pass of this node."""

    raw: bytes
    batch: bytes  # identity of the batch whose key signed it


def issued_here(tx: Tx, bundle: LoadedBundle, texts: Iterable[str]) -> Mapping[str, Issued]:
    """Return, by their texts, those passes that this node issued in a batch of the bundle, to the last byte.

    What is not among them may still be right: the pass of an ally, or one whose bytes are not kept.
    """
    raws: dict[str, bytes] = {}
    pairs: dict[tuple[bytes, int], str] = {}
    for text in texts:
        if not text.startswith(PREFIX):
            continue
        try:
            raw = from_text(text)
            key_id, index = claimed(raw)
        except BadInput:
            continue
        raws[text] = raw
        pairs.update({(batch.identity, index): text for batch in bundle.by_key_id.get(key_id, ())})
    found = tx.passes.raws(pairs)
    return {
        text: Issued(raws[text], batch)
        for (batch, index), text in pairs.items()
        if compare_digest(found.get((batch, index), b""), raws[text])
    }
