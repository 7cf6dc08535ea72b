"""What guards record that is no scan, read from the first line of a typed note (`spec/device-log.md`)."""

from collections.abc import Mapping
from dataclasses import dataclass

ESCORT, BAGS, HELP, ROUTE, AREA = "escort", "bags", "help", "route", "area"
WHO = ("own", "other", "unknown")  # of the guard who records
_DIGITS = 3
_NUMBER: tuple[str, ...] = ()  # any number of up to three digits
_FORMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    ESCORT: {"vehicles": _NUMBER},
    BAGS: {"bags": _NUMBER, "by": WHO},
    HELP: {"by": WHO},
    ROUTE: {"route": ("cleared", "blocked")},
    AREA: {"holder": ("own", "other", "unclear")},
}


@dataclass(frozen=True, slots=True)
class Said:
    """A typed note: its values by name, and what the guard wrote below them."""

    values: Mapping[str, str]
    text: str

    def number(self, name: str) -> int:
        """A counted value."""
        return int(self.values[name])


@dataclass(frozen=True, slots=True)
class GuardRecord:
    """One typed note of one device.

    `at` is the device's time held within the bounds that the ledger gives, in unix seconds. `party` is that of the
    device, `holder` the one that held the point then; both may be empty. `group` is known where the note names a pass.
    """

    what: str  # one of the kinds above
    id: str  # device, epoch and number, joined by colons
    point: str
    at: int
    party: str
    holder: str
    heads: int  # people counted, 0: not counted
    said: Said
    group: str = ""

    def who(self, other: str) -> str:
        """The party that acted, by the guard who records; `other` is the party beside the device's. Empty: unknown."""
        return {"own": self.party, "other": other}.get(self.said.values.get("by", ""), "")


def read_note(what: str, note: str) -> Said | None:
    """Values of a typed note, or None where its first line is not as its kind demands: then it is free text.

    Args:
        what: the reason of the event.
        note: all of its text.
    """
    form = _FORMS.get(what)
    first, _, rest = note.partition("\n")
    if form is None:
        return None
    pairs = [part.partition("=") for part in first.split(" ")]
    if [name for name, _, _ in pairs] != list(form):
        return None
    values = {name: value for name, _, value in pairs}
    good = all(_fits(values[name], options) for name, options in form.items())
    return Said(values, rest) if good else None


def _fits(value: str, options: tuple[str, ...]) -> bool:
    if options:
        return value in options
    return value.isascii() and value.isdigit() and len(value) <= _DIGITS
