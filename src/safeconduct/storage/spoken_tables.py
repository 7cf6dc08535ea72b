"""Spoken passes: which batches are theirs, and the sealed keys that the next table is built from."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, exists, func, insert, select

from safeconduct.storage.asking import ASK, CHUNK
from safeconduct.storage.schema import passes, revocations, spoken_batches, spoken_keys, spoken_places
from safeconduct.workflows.spoken_rows import SpokenRow

_GONE = exists().where(revocations.c.batch == spoken_places.c.batch, revocations.c.idx == spoken_places.c.idx)
_COLUMNS = (
    spoken_places.c.batch, spoken_places.c.idx, spoken_places.c.run, spoken_places.c.place, passes.c.group_id,
    passes.c.point, passes.c.not_before, passes.c.window_end, passes.c.heads,
)  # fmt: skip
_PASSES = select(*_COLUMNS).join(
    passes, (passes.c.batch == spoken_places.c.batch) & (passes.c.idx == spoken_places.c.idx)
)


class SpokenTables:
    """See `workflows.spoken_rows.Spoken`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add_batch(self, number: int) -> None:
        """Mark a batch as one of spoken passes."""
        self._c.execute(insert(spoken_batches), {"batch": number})

    def batches(self) -> frozenset[int]:
        """Return the numbers of the batches of spoken passes."""
        return frozenset(self._c.execute(select(spoken_batches.c.batch)).scalars())

    def add(self, sealed: bytes, places: Sequence[tuple[int, int]]) -> None:
        """Keep the sealed keys of one run beside the (batch, index) of each, in their order."""
        run = int(self._c.execute(select(func.coalesce(func.max(spoken_keys.c.run), 0))).scalar_one()) + 1
        self._c.execute(insert(spoken_keys), {"run": run, "sealed": sealed})
        rows = [{"batch": b, "idx": i, "run": run, "place": place} for place, (b, i) in enumerate(places)]
        for start in range(0, len(rows), CHUNK):
            self._c.execute(insert(spoken_places), rows[start : start + CHUNK])

    def live(self, now: int) -> Sequence[SpokenRow]:
        """Return the spoken passes whose window is not over, the one that ends first first."""
        order = (passes.c.window_end, passes.c.not_before, spoken_places.c.batch, spoken_places.c.idx)
        return [SpokenRow(*r) for r in self._c.execute(_PASSES.where(passes.c.window_end > now).order_by(*order))]

    def standing(self, groups: Sequence[str]) -> Sequence[SpokenRow]:
        """Return the spoken passes of groups that are not revoked."""
        found: list[SpokenRow] = []
        for start in range(0, len(groups), ASK):
            where = (passes.c.group_id.in_(groups[start : start + ASK]), ~_GONE)
            found.extend(SpokenRow(*r) for r in self._c.execute(_PASSES.where(*where)))
        return found

    def sealed(self, runs: Sequence[int]) -> Mapping[int, bytes]:
        """Return the sealed keys of runs."""
        found: dict[int, bytes] = {}
        for start in range(0, len(runs), ASK):
            query = select(spoken_keys.c.run, spoken_keys.c.sealed).where(
                spoken_keys.c.run.in_(runs[start : start + ASK])
            )
            found.update((row.run, row.sealed) for row in self._c.execute(query))
        return found

    def newest(self) -> int:
        """Return the number of the newest run, 0 if there is none."""
        return int(self._c.execute(select(func.coalesce(func.max(spoken_keys.c.run), 0))).scalar_one())
