"""Lead time: how long before its window a warning was there, and what makes it useless."""

from dataclasses import dataclass

from safeconduct.alerts.release import Release


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Seconds from release and from receipt to the window (negative: too late), and flags.

    Flags: `late` and `late-on-receipt` (below the floor), `not-received`, `no-place` (area above the ceiling).
    """

    release_id: str
    from_release: int
    from_receipt: int | None
    flags: tuple[str, ...]


LATE = "too late to act"


def describe(lead: LeadTime, *, received_here: bool = False) -> str:
    """One line that says how long before its window a warning was there, and what makes it useless.

    Args:
        lead: the lead time.
        received_here: this is the recipient's own view, which knows of no other moment than the receipt.
    """
    parts = []
    if not received_here:
        parts.append(_before("sent", lead.from_release, late="late" in lead.flags))
    if lead.from_receipt is None:
        parts.append("no receipt from the partner")
    else:
        what = "reached us" if received_here else "reached the partner"
        parts.append(_before(what, lead.from_receipt, late="late-on-receipt" in lead.flags))
    if "no-place" in lead.flags:
        parts.append("its area is too wide to act in")
    return "; ".join(parts)


def _before(what: str, seconds: int, *, late: bool) -> str:
    side = "before its window" if seconds >= 0 else "after its window began"
    return f"{what} {span(abs(seconds))} {side}" + (f": {LATE}" if late else "")


def span(seconds: int) -> str:
    """A length of time in words: "8 minutes", "3 h 20 min", "2 d 4 h"; not negative."""
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def lead_time(
    release: Release, *, released_at: int, received_at: int | None, floor_seconds: int, coarsest_level: int
) -> LeadTime:
    """Lead time of one release, against the start of its window as released (never later than the true one).

    Args:
        release: the release.
        released_at: unix seconds, by the owner's clock.
        received_at: unix seconds of the partner's receipt, None without one.
        floor_seconds: below it a warning helps nobody (the policy's `min_lead_seconds`).
        coarsest_level: level of the widest area in which one can still act (the policy's `min_cell_level`).
    """
    from_release = release.window_from - released_at
    from_receipt = None if received_at is None else release.window_from - received_at
    flags = {
        "late": from_release < floor_seconds,
        "late-on-receipt": from_receipt is not None and from_receipt < floor_seconds,
        "not-received": from_receipt is None,
        "no-place": len(release.area) < coarsest_level,
    }
    return LeadTime(release.id, from_release, from_receipt, tuple(name for name, on in flags.items() if on))
