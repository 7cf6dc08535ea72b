"""What relative wordings rest on, and what a wording is found to mean."""

from dataclasses import dataclass
from datetime import date

from safeconduct.incidents.reader.spans import interval

STATED, YEAR_INFERRED, RELATIVE, UNRESOLVED = "stated", "year-inferred", "relative", "unresolved"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Days beside which a wording means what it means."""

    day: str  # ISO day of the document or entry, empty when unknown
    year: int | None = None  # of days without one, when `day` is unknown
    named: str = ""  # the day named last, for "the following day"
    open: bool = False  # an entry of a page: it was written on `day` or later, and not long before `floor`
    floor: str = ""  # the newest day of the entries before it
    ahead: bool = False  # the wording speaks of what is to come

    @property
    def base(self) -> date | None:
        """The day itself."""
        return day_of(self.day)

    @property
    def least(self) -> date | None:
        """The day, or on an open page at least the newest day named before."""
        return day_of(self.day or (self.floor if self.open else ""))


@dataclass(frozen=True, slots=True)
class Meaning:
    """The day or interval of a wording, empty when it cannot be resolved, and how it is known."""

    iso: str
    basis: str


NOT_KNOWN = Meaning("", UNRESOLVED)


def relative(days: tuple[date, date] | date | None) -> Meaning:
    """The meaning of a wording that is a day or a span beside its anchor."""
    if days is None:
        return NOT_KNOWN
    return Meaning(str(days) if isinstance(days, date) else interval(days), RELATIVE)


def day_of(text: str) -> date | None:
    """The day of an ISO text, None for an empty one."""
    return date.fromisoformat(text) if text else None
