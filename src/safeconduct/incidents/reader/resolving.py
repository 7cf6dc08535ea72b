"""What a wording of each kind means beside an anchor."""

from collections.abc import Callable, Mapping

from safeconduct.incidents.reader import calendar_days as by_name
from safeconduct.incidents.reader import relative_days as beside
from safeconduct.incidents.reader.anchors import NOT_KNOWN, Anchor, Meaning

_READERS: Mapping[str, Callable[[str, Anchor], Meaning | None]] = {
    "iso": by_name.read_iso,
    "numeric": by_name.read_numeric,
    "between": by_name.read_range,
    "range": by_name.read_range,
    "date": by_name.read_date,
    "month": by_name.read_month,
    "month_of": by_name.read_month_of_year,
    "month_edge": by_name.read_month_edge,
    "year": by_name.read_year,
    "near_month": by_name.read_near_month,
    "bare_month": by_name.read_bare_month,
    "weekday": beside.read_weekday,
    "near_day": beside.read_near_day,
    "named_day": beside.read_named_day,
    "ago": beside.read_ago,
    "span": beside.read_span,
    "within": beside.read_within,
    "near_span": beside.read_near_span,
    "day_of_month": beside.read_day_of_month,
}


def read_wording(kind: str, wording: str, anchor: Anchor, *, of_event: bool = False) -> Meaning | None:
    """What a wording of a kind of `wordings.PATTERNS` means; None when it turns out to be no date.

    `of_event` tells that it counts from an event ("the last ten days of the siege").
    """
    if of_event and kind == "span":
        return NOT_KNOWN
    return _READERS[kind](wording, anchor)
