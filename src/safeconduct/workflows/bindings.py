"""The binding of each new pass: words that its bearers remember, the key of their phone, or nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from safeconduct.passes.batch import BatchEntry
from safeconduct.passes.binding import bind, secret_of
from safeconduct.passes.pass_format import NO_BINDING, NO_BYTES, PHONE, WORDS


def bindings_of(
    parallel: Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]],
    batch_identity: bytes,
    entry: BatchEntry,
    wanted: Sequence[str | bytes | None],
    places: Sequence[int],
) -> list[tuple[int, bytes]]:
    """Return kind and binding of passes of one batch, in their order.

    Args:
        parallel: the node's map over all cores; words cost an Argon2id each, phones nothing.
        batch_identity: of the batch, 32 bytes.
        entry: of the batch.
        wanted: words, or the 16 binding bytes of a phone's key, or None.
        places: indexes of the passes in the batch.
    """
    spoken = [(w, place) for w, place in zip(wanted, places, strict=True) if isinstance(w, str)]
    bound = iter(parallel(partial(_bind, batch_identity, entry), spoken))
    made = []
    for w in wanted:
        if isinstance(w, str):
            made.append((WORDS, next(bound)))
        else:
            made.append((NO_BINDING, NO_BYTES) if w is None else (PHONE, w))
    return made


def _bind(batch_identity: bytes, entry: BatchEntry, item: tuple[str, int]) -> bytes:
    words, index = item
    return bind(secret_of(words), batch_identity, index, entry.pepper, entry.preset)
