"""Who comes where and when, and what goes wrong: drawn from a seed, so that a replay can be repeated.

Planted on purpose, each labelled, so that the decisions can be judged: forged passes, copies at the same device and at
two offline devices, passes out of their window, at the wrong point, revoked ones, and bound ones without their words.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from safeconduct.movement.slots import Day as SlotDay
from safeconduct.movement.slots import Slot, assign
from safeconduct.passes.pass_format import from_text, to_text
from safeconduct.replay.devices import digest_of
from safeconduct.replay.scenario import Scenario, day_counts

HOUR = 3_600
DAY_START, DAY_END = HOUR // 2, 21 * HOUR  # seconds after midnight UTC between which groups are called
LAST_DAY_END = 16 * HOUR  # the gates change hands in the evening
OUTER_WINDOW, GATE_DELAY, GATE_WINDOW = HOUR, HOUR // 2, 2 * HOUR
DEVICES_A_POINT = 2
BOUND_GROUPS = 200

# Of a thousand groups, how many are troubled so; all assumed, no record gives them.
FORGED, COPY_SAME, COPY_FIRST, COPY_TWO, EXPIRED, WRONG, REVOKED = 10, 5, 1, 6, 5, 10, 5
STRIDE = 367  # prime to 1,000, and steps evenly: few passes meet each trouble as often as many do
GENUINE, LATE_HOLDER, EARLY_COPIER = "genuine", "holder-after-copier", "copier-first"


@dataclass(frozen=True, slots=True)
class Planned:
    """One scan to come: when, at which device, what is shown, and what it is in truth."""

    at: int
    device: str
    text: str
    words: str | None
    label: str
    heads: int


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The groups of one day with their slots; `bound` are those that get words."""

    date: str
    midnight: int
    slots: tuple[Slot, ...]
    bound: frozenset[str]
    reissued: frozenset[str]
    before: int = 0  # groups of earlier days: trouble is dealt out evenly over the whole operation


def plan_days(scenario: Scenario, groups: Sequence[tuple[str, int]], people: int) -> tuple[tuple[DayPlan, ...], int]:
    """Deal groups out to days at the record's totals, and give each a slot; return the plans and who found no place."""
    plans = []
    unplaced = 0
    position = due = gone = before = 0
    counts = day_counts(scenario, people)
    for place, (date, expected) in enumerate(counts):
        due += expected
        todays = []
        while position < len(groups) and (gone < due or place == len(counts) - 1):
            todays.append(groups[position])
            gone += groups[position][1]
            position += 1
        midnight = scenario.start + place * 86_400
        end = LAST_DAY_END if place == len(counts) - 1 else DAY_END
        called = sum(heads for _, heads in todays) * 11 // 10  # a tenth more: the last group finds room before the end
        day = SlotDay(midnight + DAY_START, midnight + end, called)
        made = assign(todays, [day], scenario.gates(), scenario.outer_points(), length=OUTER_WINDOW)
        unplaced += len(made.unplaced)
        rng = random.Random(f"{scenario.seed}/{date}/groups")
        ids = [slot.group for slot in made.slots]
        bound = _share(rng, ids, before, len(groups))
        left = [group for group in ids if group not in bound]
        reissued = rng.sample(left, len(left) * REVOKED // 1_000 + (1 if len(left) > 20 else 0))
        plans.append(DayPlan(date, midnight, made.slots, frozenset(bound), frozenset(reissued), before))
        before += len(made.slots)
    return tuple(plans), unplaced


def _share(rng: random.Random, ids: Sequence[str], before: int, groups: int) -> list[str]:
    """Draw this day's share of the bound groups; where there are few groups, four of five stay unbound."""
    total = min(BOUND_GROUPS, groups // 5)
    return rng.sample(ids, total * (before + len(ids)) // groups - total * before // groups)


def strips_of(plan: DayPlan) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the strips to issue for a day, and those to issue again with a later window."""
    first = [_strip(slot, words=slot.group in plan.bound, shift=0) for slot in plan.slots]
    again = [_strip(slot, words=False, shift=900) for slot in plan.slots if slot.group in plan.reissued]
    return first, again


def _strip(slot: Slot, *, words: bool, shift: int) -> dict[str, object]:
    return {
        "group": slot.group,
        "legs": [
            # No words at the outer point: there they would be told to the other party's guard.
            {"point": slot.outer_point, "not_before": slot.start + shift, "seconds": OUTER_WINDOW, "words": False},
            {"point": slot.gate, "not_before": slot.start + shift, "seconds": GATE_DELAY + GATE_WINDOW, "words": words},
        ],
    }


@dataclass(frozen=True, slots=True)
class Held:
    """A pass in somebody's hand."""

    text: str
    words: str | None


def scans_of(  # noqa: C901  (one branch for each kind of trouble, in one place to be read as a table)
    scenario: Scenario,
    plan: DayPlan,
    held: Mapping[tuple[str, str], Held],
    revoked: Iterable[tuple[str, Held]],
    points: Sequence[str],
) -> dict[str, list[Planned]]:
    """Return the day's scans by device, in order of time.

    Args:
        scenario: for its seed.
        plan: the day's groups and slots.
        held: (group, point) to the pass that is good there.
        revoked: (point, pass) of passes that were revoked and come to be shown all the same.
        points: all control points, to be wrong at.
    """
    rng = random.Random(f"{scenario.seed}/{plan.date}/scans")
    found: dict[str, list[Planned]] = defaultdict(list)

    def show(at: int, device: str, held_pass: Held, label: str, heads: int) -> None:
        found[device].append(Planned(at, device, held_pass.text, held_pass.words, label, heads))

    passes = count(2 * plan.before)
    for slot in plan.slots:
        shift = 900 if slot.group in plan.reissued else 0
        arrive = slot.start + shift + rng.randrange(0, HOUR - 1_500 - shift)
        for point, at in ((slot.outer_point, arrive), (slot.gate, arrive + GATE_DELAY)):
            mine = held[slot.group, point]
            own = device_at(point, digest_of(slot.group) % DEVICES_A_POINT)
            other = device_at(point, (digest_of(slot.group) + 1) % DEVICES_A_POINT)
            trouble = next(passes) * STRIDE % 1_000
            label = GENUINE
            if slot.group not in plan.bound:
                if trouble < FORGED:
                    show(at + 60, own, _forge(rng, mine), "forged", slot.heads)
                elif (trouble := trouble - FORGED) < COPY_SAME:
                    show(at + 600, own, mine, "copied", slot.heads)
                elif (trouble := trouble - COPY_SAME) < COPY_FIRST:
                    show(at - 60 if at - 60 >= slot.start + shift else at, own, mine, EARLY_COPIER, slot.heads)
                    at, label = at + 1, LATE_HOLDER  # noqa: PLW2901
                elif (trouble := trouble - COPY_FIRST) < COPY_TWO:
                    show(at + 300, other, mine, "copied-elsewhere", slot.heads)
                elif (trouble := trouble - COPY_TWO) < EXPIRED:
                    show(slot.start + GATE_DELAY + GATE_WINDOW + 900, own, mine, "expired", slot.heads)
            if EXPIRED <= trouble < EXPIRED + WRONG:
                astray = rng.choice([p for p in points if p != point])
                show(at - 120, device_at(astray, 0), mine, "wrong-point", slot.heads)
            elif mine.words and trouble < 20 * EXPIRED:
                show(at - 60, own, Held(mine.text, None), "without-words", slot.heads)
            show(at, own, mine, label, slot.heads)
    for point, old in revoked:
        show(plan.midnight + DAY_START + rng.randrange(LAST_DAY_END), device_at(point, 0), old, "revoked", 0)
    return {device: sorted(scans, key=lambda scan: (scan.at, scan.label, scan.text)) for device, scans in found.items()}


def device_at(point: str, number: int) -> str:
    """Return the id of a device."""
    return f"{point}-{number + 1}"


def _forge(rng: random.Random, held: Held) -> Held:
    """Return the pass with one byte changed: more heads, another window, or a broken signature."""
    raw = bytearray(from_text(held.text))
    place = rng.choice((5, 6, 10, 14, 40, 90))
    raw[place] ^= 1 << rng.randrange(1, 6)
    return Held(to_text(bytes(raw)), held.words)
