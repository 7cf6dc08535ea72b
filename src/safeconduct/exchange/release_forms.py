"""A release that crossed in the forms that other people's software reads."""

from collections.abc import Mapping

from safeconduct.errors import SafeconductError
from safeconduct.exchange.cap import encode
from safeconduct.exchange.cap_out import answer_to_cap, release_to_cap
from safeconduct.workflows.export_release import CrossedRelease

FORMS: Mapping[str, str] = {
    "cap": "the release as CAP 1.2",
    "cap-answer": "the signed answer to it as CAP 1.2",
    "stix": "the release as STIX 2.1",
}


def in_form(found: CrossedRelease, form: str, *, exercise: bool) -> bytes:
    """The newest version of a release, or the answer to it, in one of `FORMS`.

    Raises:
        BadInput: `bad-cap`, if an earlier version that the newest one corrects has not arrived.
        SafeconductError: `no-answer`.
    """
    if form == "stix":
        return found.stix
    newest = found.versions[-1]
    if form == "cap":
        alert = release_to_cap(newest, sender=found.owner, exercise=exercise, earlier=found.versions[:-1])
    elif found.answer is None:
        raise SafeconductError("no-answer", f"nobody has signed an answer to version {newest.version} of {newest.id}")
    else:
        alert = answer_to_cap(found.answer, newest, owner=found.owner, exercise=exercise)
    return encode(alert)
