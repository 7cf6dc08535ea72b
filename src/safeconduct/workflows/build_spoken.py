"""Build the table of spoken passes that the next bundle carries: new from its seed up, each time.

The table is built from sealed keys, never from words: this node does not have them. Building 100,000 takes seconds, so
that it is done before the transaction of a publication, and again within it only if passes were issued in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.passes import spoken
from safeconduct.workflows.batch_keys import PRESET
from safeconduct.workflows.common import in_force
from safeconduct.workflows.ports import Node
from safeconduct.workflows.spoken_rows import SpokenRow
from safeconduct.workflows.tables import Tx

WORD_LIST = "bip39-en"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table, and the newest run of passes that is in it."""

    newest: int
    batches: frozenset[int]  # that the table lists, by their numbers
    table: bytes | None  # None: there are no spoken passes


def prepare(node: Node, now: int) -> Prepared | None:
    """Build the table by what is stored now; None without an agreement."""
    with node.store.reading() as tx:
        found = in_force(tx)
        if found is None:
            return None
        return _prepare(node, tx, found[0], now, {row.number: row.identity for row in tx.passes.batches()})


def spoken_of(
    node: Node, tx: Tx, agreement: Agreement, now: int, prepared: Prepared | None, listed: Mapping[int, bytes]
) -> bytes | None:
    """Return the prepared table, or a new one if it is not what this bundle needs.

    Args:
        node: the issuer's node.
        tx: the transaction of the publication.
        agreement: in force.
        now: unix seconds.
        prepared: what `prepare` built before the transaction; passes may have been issued since.
        listed: number to identity of the batches that the bundle carries; a table names no others.
    """
    if prepared is None or prepared.newest != tx.spoken.newest() or not prepared.batches <= listed.keys():
        prepared = _prepare(node, tx, agreement, now, listed)
    return prepared.table


def _prepare(node: Node, tx: Tx, agreement: Agreement, now: int, listed: Mapping[int, bytes]) -> Prepared:
    newest = tx.spoken.newest()
    rows = that_fit([row for row in tx.spoken.live(now) if row.batch in listed]) if newest else []
    if not rows:
        return Prepared(newest, frozenset(), None)
    keys = _keys(node, tx, rows)
    batches = sorted({row.batch for row in rows})
    windows = sorted({(row.not_before, row.window_end - row.not_before) for row in rows})
    points = sorted({row.point for row in rows})
    empty = spoken.SpokenTable(
        agreement_id=agreement.id, salt=salt_of(tx, agreement), seed=b"", preset=PRESET, word_list=WORD_LIST, keys=0,
        batches=tuple(listed[number] for number in batches), windows=tuple(windows),
        point_sets=tuple((point,) for point in points), slots=b"",
    )  # fmt: skip
    at_batch = {number: place for place, number in enumerate(batches)}
    at_window = {window: place for place, window in enumerate(windows)}
    at_point = {point: place for place, point in enumerate(points)}
    passes = [
        (keys[row.run, row.place], spoken.SpokenPass(
            row.index, at_batch[row.batch], row.heads, at_window[row.not_before, row.window_end - row.not_before],
            at_point[row.point]))
        for row in rows
    ]  # fmt: skip
    made = spoken.build(empty, passes, node.random.bytes(spoken.ENTROPY_BYTES))
    return Prepared(newest, frozenset(batches), spoken.encode(made))


def that_fit(rows: Sequence[SpokenRow]) -> list[SpokenRow]:
    """Return the passes that one table has room for: those whose windows end first; the others come in later bundles.

    A table lists 32 batches, 256 windows and 16 control points; a bundle lives for two days, which have fewer windows.
    """
    batches: set[int] = set()
    windows: set[tuple[int, int]] = set()
    points: set[str] = set()
    fitting: list[SpokenRow] = []
    for row in rows:
        window = (row.not_before, row.window_end)
        room = (
            (row.batch in batches or len(batches) < spoken.MOST_BATCHES)
            and (window in windows or len(windows) < spoken.MOST_WINDOWS)
            and (row.point in points or len(points) < spoken.MOST_POINT_SETS)
        )
        if room and len(fitting) < spoken.SIZE_CLASSES[-1]:
            batches.add(row.batch)
            windows.add(window)
            points.add(row.point)
            fitting.append(row)
    return fitting


def _keys(node: Node, tx: Tx, rows: Sequence[SpokenRow]) -> dict[tuple[int, int], bytes]:
    """Open the sealed keys: run and place of each to its 32 bytes."""
    runs = sorted({row.run for row in rows})
    sealed = tx.spoken.sealed(runs)
    opened = node.parallel(node.vault.open, [sealed[run] for run in runs])
    size = spoken.MASTER_BYTES
    return {
        (run, at // size): keys[at : at + size]
        for run, keys in zip(runs, opened, strict=True)
        for at in range(0, len(keys), size)
    }


def salt_of(tx: Tx, agreement: Agreement) -> bytes:
    """Return the salt of an agreement's spoken passes; `keep_salt` made it before the first was issued."""
    return spoken.salt_of(agreement.id, tx.records.get(_pepper_of(agreement)) or b"")


def keep_salt(node: Node, tx: Tx, agreement: Agreement) -> bytes:
    """Return the salt, made once for each agreement."""
    if tx.records.get(_pepper_of(agreement)) is None:
        tx.records.set(_pepper_of(agreement), node.random.bytes(spoken.SALT_BYTES))
    return salt_of(tx, agreement)


def _pepper_of(agreement: Agreement) -> str:
    return f"spoken-pepper:{agreement.id}"
