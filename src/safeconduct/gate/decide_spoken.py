"""The decision on a spoken pass, and how often wrong words may be tried on one device."""

from dataclasses import dataclass, field, replace

from safeconduct.gate.decide import NEXT_STEPS, OK, Decision, Scan, UsedHere, judge, next_step_of, refuse
from safeconduct.passes.bundle import LoadedBundle
from safeconduct.passes.spoken import look_up, master_of

FREE_TRIES = 3  # wrong answers before a wait; people mishear each other
FIRST_WAIT, LONGEST_WAIT = 60, 3_600  # seconds; doubled with every further wrong answer


@dataclass(frozen=True, slots=True)
class SpokenScan:
    """Six words said at a control point."""

    words: str  # or their numbers
    point: str  # this device's control point
    now: int  # the device's own time, unix seconds
    heads: int | None = None  # people counted, if they were


@dataclass(slots=True)
class Tries:
    """Wrong answers on one device, by what they were given for: a pass (batch and index), or spoken passes (None)."""

    wrong: dict[tuple[bytes, int] | None, tuple[int, int]] = field(default_factory=dict)  # how many, when the last

    def wait(self, of: tuple[bytes, int] | None, now: int) -> int:
        """Seconds until the next answer may be given: 0 for the first three, then a minute, doubling up to an hour.

        A clock that was set back does not shorten a wait, nor lengthen it beyond its whole.
        """
        count, last = self.wrong.get(of, (0, 0))
        if count < FREE_TRIES:
            return 0
        whole = int(min(LONGEST_WAIT, FIRST_WAIT << min(count - FREE_TRIES, 10)))
        return max(0, min(whole, last + whole - now))

    def note(self, of: tuple[bytes, int] | None, now: int, *, right: bool) -> None:
        """Remember an answer; a right one clears what was wrong before it."""
        if right:
            self.wrong.pop(of, None)
        else:
            self.wrong[of] = (self.wrong.get(of, (0, 0))[0] + 1, now)


def decide_spoken(bundle: LoadedBundle, used: UsedHere, scan: SpokenScan) -> Decision:  # noqa: PLR0911  (one return for each step)
    """Decide on six words; nothing is changed. It costs one Argon2id, about 0.1 s here.

    Steps: 1. the bundle's life, and its stale policy; 2. the control point is known and open; 3. the bundle has a
    table; 4. it knows the words; then 6 to 11 of `gate.decide.decide`.

    Wrong words and words that are in no table are one reason: who guesses learns nothing else.
    """
    if scan.now >= bundle.expires:  # 1
        return refuse("bundle-expired")
    stale = scan.now >= bundle.stale_from
    if stale and bundle.stale_policy == "refuse":
        return refuse("bundle-stale")
    point = bundle.points.get(scan.point)  # 2
    if point is None:
        return refuse("unknown-point")
    if point.state != "open":
        return refuse("point-hold" if point.state == "hold" else "point-closed")
    table = bundle.spoken
    if table is None:  # 3
        return refuse("no-spoken-passes")
    found = look_up(table, master_of(scan.words, table.salt, table.preset))  # 4
    if found is None:
        return refuse("binding-failed")
    batch = bundle.batches[table.batches[found.batch]]  # `open_bundle` checked that it is there
    start, seconds = table.windows[found.window]
    mask = sum(batch.point_bits.get(name, 0) for name in table.point_sets[found.points])
    pass_class = min(batch.entry.classes)
    seen = Scan(b"", scan.point, scan.now, heads=scan.heads)
    reason = judge(batch, used, seen, found.index, pass_class, start, start + seconds, mask, found.heads)
    warnings = ("bundle-stale",) if stale else ()
    decided = Decision(reason is None, reason or OK, warnings, batch.identity, found.index, found.heads, pass_class, "")
    if reason is not None:
        return replace(decided, next_step=next_step_of(reason, batch, start, mask))
    if scan.heads is not None and scan.heads < found.heads:
        decided = replace(decided, heads=scan.heads, warnings=(*warnings, "heads-fewer"))
    return replace(decided, next_step=NEXT_STEPS[OK])
