"""What crosses as CAP 1.2: a release (Alert, Update, Cancel), the answer to it (Ack, Error), and gate advice.

An alert says no more than the release does: severity is not known, urgency is the lead time, certainty the band of
likelihood, and a withdrawal never says "all clear", for it only takes a word back. Times are slots.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from safeconduct.alerts.answer import Acknowledgement
from safeconduct.alerts.answer_words import describe
from safeconduct.alerts.quadtree import bounds, size_m
from safeconduct.alerts.release import Release
from safeconduct.alerts.stix import in_words
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED
from safeconduct.errors import BadInput
from safeconduct.exchange.cap import Alert, Area, Info
from safeconduct.workflows.cap_feed import GateAdvice

HOUR = 3_600
# What CAP calls the advice (3.2.2, responseType); where it has no word, the recipient is to do what `instruction` says.
RESPONSE = {
    "hold-back": "Avoid",
    "spread-out": "Execute",
    "other-way": "Avoid",
    "close-point": "Execute",
    "screen-early": "Execute",
    "look-around": "Monitor",
    "take-shelter": "Shelter",
    "stay-away": "Avoid",
}
POINT_STATES = {
    "hold": ("On hold", "No more people are let forward for now. Wait where you are, apart from others, for word."),
    "closed": ("Closed", "Nobody is let through. Do not come to it, and do not wait near it."),
    "open": ("Open again", "The advice to wait or to stay away is over."),
}


def time_text(at: int) -> str:
    """CAP's time of unix seconds, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def release_to_cap(release: Release, *, sender: str, exercise: bool, earlier: Sequence[Release] = ()) -> Alert:
    """The alert of a release: an Update of its `earlier` versions, or the Cancel of a withdrawal.

    Args:
        release: the version to tell.
        sender: id of the party that gives it.
        exercise: whether nobody is to act on it for real.
        earlier: all versions before it that were sent, oldest first.

    Raises:
        BadInput: `bad-cap`, if the earlier versions are not those of this release.
    """
    if any(one.id != release.id or one.version >= release.version for one in earlier) or (
        release.version > 1 and not earlier
    ):
        raise BadInput("bad-cap", where="earlier", expected=f"the versions before {release.version} of {release.id}",
                       seen=[(one.id, one.version) for one in earlier])  # fmt: skip
    kind = "Cancel" if release.revoked else "Update" if earlier else "Alert"
    return Alert(
        identifier=_release_name(release),
        sender=_sender(sender, release.agreement_id),
        sent=time_text(release.issued),
        status="Exercise" if exercise else "Actual",
        msg_type=kind,
        scope="Private",
        addresses=release.partner,
        codes=(release.handling,),
        note=in_words(release) if release.revoked else "",
        references=tuple(_release_reference(one, sender) for one in earlier),
        infos=(_warning(release),),
    )


def answer_to_cap(answer: Acknowledgement, release: Release, *, owner: str, exercise: bool) -> Alert:
    """The Ack, or for a refused one the Error, that a partner gives to a release; neither is an approval.

    Args:
        answer: the partner's word.
        release: the version that it answers.
        owner: id of the party that gave the release.
        exercise: as in `release_to_cap`.

    Raises:
        BadInput: `bad-cap`, if the answer is of another release.
    """
    if answer.release_id != release.id:
        raise BadInput("bad-cap", where="answer.release_id", expected=release.id, seen=answer.release_id)
    sent = time_text(answer.at // 900 * 900)
    return Alert(
        identifier=f"{_release_name(release)}.{answer.stage}.{answer.at // 900}",
        sender=_sender(answer.by, release.agreement_id),
        sent=sent,
        status="Exercise" if exercise else "Actual",
        msg_type="Error" if answer.stage == "declined" else "Ack",
        scope="Private",
        addresses=owner,
        note=describe(answer),
        references=(_release_reference(release, owner),),
    )


def gate_to_cap(advice: GateAdvice, *, exercise: bool, earlier: Sequence[GateAdvice] = ()) -> Alert:
    """The public alert of a control point's state: an Update of what was told `earlier`, a Cancel once it is open.

    Raises:
        BadInput: `bad-cap`, for another point's advice, or for a point that opens without having been held.
    """
    if any(one.point != advice.point or one.number >= advice.number for one in earlier) or (
        advice.state == "open" and not earlier
    ):
        raise BadInput("bad-cap", where="earlier", expected=f"earlier advice on {advice.point}",
                       seen=[(one.point, one.number) for one in earlier])  # fmt: skip
    head, what = POINT_STATES[advice.state]
    over = advice.state == "open"
    kind = "Cancel" if over else "Update" if earlier else "Alert"
    info = Info(
        language="en",
        categories=("Safety", "Transport"),
        event="Control point",
        response_types=("None",) if over else ("Avoid",),
        urgency="Past" if over else "Immediate",
        severity="Unknown",
        certainty="Observed",
        effective=time_text(advice.at),
        expires=time_text(advice.until),
        sender_name=advice.party,
        headline=f"{head}: {advice.name}",
        description=f"{advice.name}: {head.lower()}.",
        instruction=what,
        areas=(Area(advice.name, geocodes=(("safeconduct:control-point", advice.point),)),),
    )
    return Alert(
        identifier=gate_name(advice),
        sender=_sender(advice.party, advice.agreement),
        sent=time_text(advice.at),
        status="Exercise" if exercise else "Actual",
        msg_type=kind,
        scope="Public",
        references=tuple(_gate_reference(one) for one in earlier),
        infos=(info,),
    )


def gate_name(advice: GateAdvice) -> str:
    """Identifier of the alert of a gate advice, which is also its name in the feed."""
    return f"{advice.agreement}.{advice.point}.{advice.number}"


def _warning(release: Release) -> Info:
    words = f"warning for {THREATENED[release.threatened_class]}"
    gone = release.revoked
    return Info(
        language="en",
        categories=("Security", "Safety"),
        event="Warning",
        response_types=("None",) if gone else (RESPONSE[release.advised_action],),
        urgency=_urgency(release),
        severity="Unknown",
        certainty="Unknown" if gone else _certainty(release.likelihood),
        audience=THREATENED[release.threatened_class],
        effective=time_text(release.issued),
        onset="" if gone else time_text(release.window_from),
        expires=time_text(release.expires if gone else release.window_to),
        headline=f"Withdrawn: {words}" if gone else words.capitalize(),
        description=in_words(release),
        instruction="" if gone else f"{ADVICE[release.advised_action].capitalize()}.",
        parameters=(
            ("safeconduct:release", release.id),
            ("safeconduct:version", str(release.version)),
            ("safeconduct:expires", time_text(release.expires)),
        ),
        areas=(_cell(release.area),),
    )


def _cell(name: str) -> Area:
    south, west, north, east = (edge / 1_000_000 for edge in bounds(name))
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    ring = " ".join(f"{lat:.6f},{lon:.6f}" for lat, lon in corners)
    words = f"Cell {name}, {size_m(name)} m wide at most"
    return Area(words, polygons=(ring,), geocodes=(("safeconduct:cell", name),))


def _urgency(release: Release) -> str:
    if release.revoked:
        return "Unknown"
    if release.lead_seconds == 0:
        return "Immediate"
    return "Expected" if release.lead_seconds <= HOUR else "Future"


def _certainty(likelihood: int | None) -> str:
    """CAP's word (3.2.2): Likely above 50 %, Possible up to it, Unlikely about 0; never Observed."""
    if likelihood is None:
        return "Unknown"
    low, high = LIKELIHOOD[likelihood][1:]
    return "Likely" if low >= 50 else "Unlikely" if high <= 5 else "Possible"


def _sender(party: str, agreement: str) -> str:
    return f"{party}@{agreement}"


def _release_name(release: Release) -> str:
    return f"{release.id}.{release.version}"


def _release_reference(release: Release, sender: str) -> str:
    return f"{_sender(sender, release.agreement_id)},{_release_name(release)},{time_text(release.issued)}"


def _gate_reference(advice: GateAdvice) -> str:
    return f"{_sender(advice.party, advice.agreement)},{gate_name(advice)},{time_text(advice.at)}"
