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
