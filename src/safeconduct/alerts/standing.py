"""The standing threat level: how alert everybody should be while no single warning says more.

A level has an author, private reasons and an end; what guards get of it is the level, advice of a fixed list and the
end, cut to a quarter of an hour. A level without an end would stay long after anybody believed in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.policy import SHORTEST_SLOT
from safeconduct.seal.canonical import decode_json, encode_json

LEVELS: dict[str, str] = {  # from the calmest to the gravest
    "low": "an attack here is not expected",
    "raised": "an attack here is possible",
    "high": "an attack here is likely",
    "critical": "an attack here is expected at any time",
}
GUARD_ADVICE: dict[str, str] = {
    "as-usual": "work as usual",
    "small-groups": "let people wait apart and call them forward in small groups",
    "screen-early": "screen arrivals before they reach the crowd, with respect and without force",
    "look-around": "look for unattended objects and keep people away from them",
    "keep-cover": "know where cover is, and leave no group standing in the open",
    "report-odd": "tell your post at once of anything unusual",
    "be-ready": "be ready to hold people back when word comes",
}
MOST_DAYS = 14  # a level is looked at anew at the latest after so many days
DAY = 86_400
LIMIT = 16 * 1024  # bytes of JSON


@dataclass(frozen=True, slots=True)
class StandingLevel:
    """A level as it was set: who by office, why (private), and from when to when (unix seconds)."""

    level: str
    advice: tuple[str, ...]
    by: str
    reasons: str
    set_at: int
    until: int


@dataclass(frozen=True, slots=True)
class Releasable:
    """What may be told of a level: no author, no reason; `until` on a quarter of an hour, never later than it ends."""

    level: str
    advice: tuple[str, ...]
    until: int


def to_json(level: StandingLevel) -> bytes:
    """Canonical JSON of a level."""
    plain = {name: getattr(level, name) for name in StandingLevel.__slots__}
    return encode_json({**plain, "advice": list(level.advice)})


def from_json(data: bytes) -> StandingLevel:
    """Level of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field; also for an end that is
            not later than the beginning, or more than 14 days later.
    """
    fields = Fields(decode_json(data, where="threat level", limit=LIMIT), "threat")
    level = StandingLevel(
        fields.choice("level", LEVELS),
        fields.texts("advice", most=len(GUARD_ADVICE), limit=40),
        fields.text("by", limit=100),
        fields.text("reasons"),
        fields.seconds("set_at"),
        fields.seconds("until"),
    )
    fields.done()
    if not level.advice or any(one not in GUARD_ADVICE for one in level.advice):
        raise fields.bad("advice", "at least one of " + ", ".join(sorted(GUARD_ADVICE)))
    if not level.set_at < level.until <= level.set_at + MOST_DAYS * DAY:
        raise fields.bad("until", f"a time after now, at most {MOST_DAYS} days ahead")
    return level


def in_force(history: Iterable[StandingLevel], now: int) -> StandingLevel | None:
    """The level that was set last, while it lasts; an earlier one that would last longer does not come back."""
    newest = sorted(history, key=lambda one: one.set_at)[-1:]
    return next((one for one in newest if one.set_at <= now < one.until), None)


def releasable(level: StandingLevel) -> Releasable:
    """What guards and the partner may see of a level."""
    return Releasable(level.level, level.advice, level.until // SHORTEST_SLOT * SHORTEST_SLOT)
