"""Texts and places of other people's messages in the form that a report has; what is changed is said in a remark."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.agreements.fields import iso
from safeconduct.workflows.import_report import GRADE

LIMITS = {"what": 4_000, "site": 200, "actor": 200, "source_name": 200, "details": 20_000}
NAMELESS = "unnamed producer"
# Controls and overrides of direction hide text on a screen and in a print-out; reports refuse them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_KM = 6_371.009  # mean radius of the earth, IUGG
_WIDEST_M = 1_000_000  # a report's coarsest precision


@dataclass(slots=True)
class Filling:
    """The fields of a draft while a reader fills them, with its remarks."""

    fields: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def put(self, name: str, text: str) -> None:
        """Put a text in, in the form that reports have; an empty one leaves the field open."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
        shown = _HIDDEN.sub("\ufffd", plain)
        if shown != plain:
            self.remarks.append(f"{name}: hidden characters were found; each is shown as \ufffd")
        limit = LIMITS.get(name, 400)
        if len(shown) > limit:
            self.remarks.append(f"{name}: cut to {limit} characters; the whole text is in the archived file")
            shown = shown[: limit - 1].rstrip() + "…"
        if shown:
            self.fields[name] = shown

    def remark(self, text: str) -> None:
        """Add a remark, held to one line of plain text."""
        line = _HIDDEN.sub("\ufffd", " ".join(text.split()))
        self.remarks.append(line if len(line) <= 400 else line[:399] + "…")

    def put_source(self, name: str) -> None:
        """Name the producer as the source, which nobody has judged."""
        self.put("source_name", name or NAMELESS)
        self.fields["source_reliability"], self.fields["source_credibility"] = GRADE

    def put_time(self, name: str, at: int) -> None:
        """Put a time in, to the second, in UTC."""
        if not 0 <= at <= 253_402_300_799:
            self.remark(f"{name}: a time outside the years 1970 to 9999 was left out")
            return
        self.fields[name] = iso(at)

    def put_place(self, places: Iterable[tuple[float, float, float]], *, what: str, parts: int) -> None:
        """Put in a circle around all places (latitude, longitude, radius in metres); one without radius has 0.

        `parts`: how many shapes the places make up, for the remark.
        """
        found = list(places)
        if not found:
            return
        lat, lon, metres = enclosing(found)
        self.fields["lat"], self.fields["lon"] = f"{lat:.6f}", f"{lon:.6f}"
        if metres == 0:
            self.remark(f"{what} gives no precision: say how exactly the place is known")
        elif metres > _WIDEST_M:
            self.remark(f"{what} reaches {metres / 1000:,.0f} km: too wide for one report")
        else:
            self.fields["precision_m"] = str(math.ceil(metres))
        if parts > 1:
            self.remark(f"{what} has {parts} parts; the circle holds them all, and is wider than they are")


def enclosing(places: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """A circle that holds all circles (degrees, degrees, metres): around the middle of their bounds, not the least.

    Longitudes are taken around the first one, so that places on both sides of 180° are neighbours.
    """
    first = places[0][1]
    lons = [first + (lon - first + 540) % 360 - 180 for _, lon, _ in places]
    lat = (min(p[0] for p in places) + max(p[0] for p in places)) / 2
    lon = ((min(lons) + max(lons)) / 2 + 540) % 360 - 180
    if len(places) == 1:
        return places[0]
    return lat, lon, max(distance_m(lat, lon, p[0], p[1]) + p[2] for p in places)


def distance_m(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Metres between two positions on a sphere (haversine)."""
    a, b = math.radians(lat), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 2_000 * _KM * math.asin(min(1.0, math.sqrt(half)))
