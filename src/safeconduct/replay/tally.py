"""What the replay counts while it runs, judged against what it planted; added up over the days."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.gate.decide import Decision
from safeconduct.replay.plan import EARLY_COPIER, Planned

# What a lone device can know, and so must refuse.
BAD = frozenset({"forged", "copied", "expired", "wrong-point", "revoked", "without-words"})


@dataclass(slots=True)
class DayTally:
    """One day's figures."""

    scans: int = 0
    admitted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    bad_admitted: Counter[str] = field(default_factory=Counter)  # by what was planted
    good_refused: Counter[str] = field(default_factory=Counter)  # people, by reason
    copies_first: int = 0  # copies let through at a device before their holder came
    duplicates: int = 0  # passes shown at two offline devices, both of which let them through
    planted: Counter[str] = field(default_factory=Counter)

    def count(self, scans: Iterable[Planned], decisions: Iterable[Decision]) -> None:
        """Count what one device decided."""
        for scan, made in zip(scans, decisions, strict=True):
            self.scans += 1
            self.planted[scan.label] += 1
            if made.admit:
                self.admitted += 1
            else:
                self.refused[made.reason] += 1
            if scan.label in BAD:
                if made.admit:
                    self.bad_admitted[scan.label] += 1
            elif scan.label == "copied-elsewhere":
                self.duplicates += made.admit
            elif scan.label == EARLY_COPIER:
                self.copies_first += made.admit
            elif not made.admit:
                self.good_refused[made.reason] += scan.heads

    def to_json(self) -> str:
        """Return the day's figures as JSON."""
        return json.dumps(
            {
                "scans": self.scans, "admitted": self.admitted, "refused": self.refused, "planted": self.planted,
                "bad_admitted": self.bad_admitted, "good_refused": self.good_refused, "duplicates": self.duplicates,
                "copies_first": self.copies_first,
            }
        )  # fmt: skip


def total(days: Iterable[str]) -> DayTally:
    """Add the days up."""
    made = DayTally()
    for day in days:
        data = json.loads(day)
        made.scans += data["scans"]
        made.admitted += data["admitted"]
        made.duplicates += data["duplicates"]
        made.copies_first += data["copies_first"]
        for name in ("refused", "bad_admitted", "good_refused", "planted"):
            getattr(made, name).update(data[name])
    return made
