"""Which releases wait for a word of the partner, and which lapsed without one when the cooperation closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safeconduct.alerts.answer import STAGES, Acknowledgement, Answer, Outcome, acknowledged
from safeconduct.alerts.release import Release


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A release without a word back: what is missing, and for how many seconds."""

    release_id: str
    missing: str  # "acknowledgement", "outcome"; "correction", "withdrawal": of which nobody acknowledged the receipt
    seconds: int


def unanswered(releases: Iterable[Release], answers: Sequence[Answer], now: int) -> tuple[Unanswered, ...]:
    """Releases that wait for the partner's word, longest first: no answer, or no outcome although the window is over.

    A correction or a withdrawal waits until it is acknowledged itself; what was said of an earlier version is no answer
    to it. What the owner, an office or somebody unnamed holds of it is no word of the partner.
    """
    words = [one for one in answers if not isinstance(one, Outcome) or one.assessor_kind == "partner"]
    answered = {one.release_id for one in words}
    settled = {one.release_id for one in words if isinstance(one, Outcome)}
    waiting = []
    for release in releases:
        if release.version > 1 and not acknowledged(release, words):
            later = "withdrawal" if release.revoked else "correction"
            waiting.append(Unanswered(release.id, later, now - release.issued))
            continue
        if release.revoked or release.id in settled:
            continue
        if release.id not in answered:
            waiting.append(Unanswered(release.id, "acknowledgement", now - release.first_issued))
        elif release.window_to <= now:
            waiting.append(Unanswered(release.id, "outcome", now - release.window_to))
    return tuple(sorted(waiting, key=lambda one: (-one.seconds, one.release_id)))


def lapsed_at(releases: Iterable[Release], answers: Sequence[Answer], closed_at: int) -> tuple[str, ...]:
    """Releases that were not settled when the cooperation closed (accepted, declined, or with the partner's outcome).

    They expire then; what is answered later stays on record and settles nothing.
    """
    final = {one.release_id for one in answers if one.at <= closed_at and _settles(one)}
    return tuple(
        release.id
        for release in releases
        if release.id not in final and not release.revoked and release.issued <= closed_at < release.expires
    )


def _settles(answer: Answer) -> bool:
    if isinstance(answer, Acknowledgement):
        return STAGES[answer.stage] == 2
    return isinstance(answer, Outcome) and answer.assessor_kind == "partner"
