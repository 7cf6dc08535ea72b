"""Route clearances between the parties: asked, confirmed or refused, over at a time, closed (S-22).

What crosses is a notice (`spec/matters.md`) whose first line says it in a form that both nodes read alike; its
signature is its sender's. What was only told to a liaison is a word too, and says that it is unsigned. All times are
unix seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.entries import Entry
from safeconduct.agreements.fields import ID_TEXT, iso, moment
from safeconduct.errors import BadInput, Refusal

ASKED, CONFIRMED, REFUSED, CLOSED = "asked", "confirmed", "refused", "closed"
STEPS = (ASKED, CONFIRMED, REFUSED, CLOSED)
ANSWERS = (CONFIRMED, REFUSED)
TIMED = (ASKED, CONFIRMED)
OPEN = ("asked", "confirmed")  # states in which somebody still relies on an answer or on the way
OVER = ("unanswered", "lapsed")  # its time is over and nobody closed it


@dataclass(frozen=True, slots=True)
class Typed:
    """What a notice about a clearance says in its first line, and the words below it."""

    step: str  # of `STEPS`
    route: str
    until: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One step of a clearance by one party; `signed` if it came as a notice. `ref` names the notice or the entry."""

    step: str
    route: str
    by: str
    at: int
    until: int | None
    text: str
    ref: str
    ledger_index: int
    signed: bool
    source: str = ""  # of what is unsigned


@dataclass(frozen=True, slots=True)
class Clearance:
    """One route with all that was said of it, the oldest first; `state` is as of one time.

    States: asked, confirmed, refused, closed; unanswered and lapsed are asked and confirmed after their time.
    """

    route: str
    words: tuple[Word, ...]
    state: str
    newest: Word  # the word that counts

    @property
    def until(self) -> int | None:
        """When it is over, by the word that counts."""
        return self.newest.until

    @property
    def asked(self) -> Word | None:
        """The newest question, if there is one."""
        return next((one for one in reversed(self.words) if one.step == ASKED), None)


def write_text(typed: Typed) -> str:
    """Text of a notice about a clearance.

    Raises:
        BadInput: `bad-field`, for a route that is no id, or a time that is missing or not called for.
    """
    if typed.step not in STEPS:
        raise BadInput("bad-field", where="clearance.step", expected="one of " + ", ".join(STEPS), seen=typed.step)
    if not ID_TEXT.fullmatch(typed.route):
        expected = "an identifier of 1 to 64 letters, digits, '.', '_', ':' or '-'"
        raise BadInput("bad-field", where="clearance.route", expected=expected, seen=typed.route)
    if (typed.until is None) == (typed.step in TIMED):
        expected = "a time to ask or confirm, none to refuse or close"
        raise BadInput("bad-field", where="clearance.until", expected=expected, seen=typed.until)
    first = f"clearance={typed.step} route={typed.route}"
    first += "" if typed.until is None else f" until={iso(typed.until)}"
    return f"{first}\n{typed.text}" if typed.text else first


def read_text(text: str) -> Typed | None:
    """What a notice says of a clearance; None for any other notice, one that is nearly of the form too."""
    first, _, rest = text.partition("\n")
    pairs = [part.partition("=") for part in first.split(" ")]
    values = {name: value for name, _, value in pairs}
    step, route = values.get("clearance", ""), values.get("route", "")
    names = ["clearance", "route", *(["until"] if step in TIMED else [])]
    if step not in STEPS or [name for name, _, _ in pairs] != names or not ID_TEXT.fullmatch(route):
        return None
    try:
        until = moment(values["until"]) if step in TIMED else None
    except BadInput:
        return None
    return Typed(step, route, until, rest)


def word_of(entry: Entry, ref: str, ledger_index: int) -> Word | None:
    """The unsigned word that an entry records, None for an entry of another kind."""
    said = entry.fields
    base = (entry.at, ref, ledger_index)
    if entry.kind == "route-cleared":
        until = said["until"] if said["state"] in TIMED else None
        return _unsigned(said["state"], said["route"], said["by"], until, "", base, entry.source)
    if entry.kind == "route-refused":
        return _unsigned(REFUSED, said["route"], said["by"], None, said["because"] or "", base, entry.source)
    return None


def clearances(words: Iterable[Word], now: int) -> tuple[Clearance, ...]:
    """Every route that anybody asked for or confirmed, as it stands at `now`, in the order of their first words.

    An answer by whoever asked answers nothing: it stays in the list and does not count as confirmed.
    """
    routes: dict[str, list[Word]] = {}
    for word in sorted(words, key=lambda one: (one.at, one.ledger_index)):
        routes.setdefault(word.route, []).append(word)
    return tuple(_standing(route, said, now) for route, said in routes.items())


def may_follow(held: Clearance | None, typed: Typed, by: str, now: int) -> Typed | Refusal:
    """The step if it may follow what was said of the route, else why not.

    Steps: 1. what has a time is not over already; 2. only what is asked for, and whose time is not over, is answered,
    3. by the other party; 4. and only what is open or over is closed.
    """
    if typed.until is not None and typed.until <= now:  # 1
        return Refusal("clearance-over", iso(typed.until))
    if typed.step in ANSWERS:
        asked = held.asked if held is not None else None
        if held is None or asked is None or held.state not in OPEN:  # 2
            return Refusal("clearance-not-asked", typed.route)
        if asked.by == by:  # 3
            return Refusal("unknown-sender", "a clearance is answered by the other party")
    if typed.step == CLOSED and (held is None or held.state not in (*OPEN, *OVER)):  # 4
        return Refusal("clearance-not-asked", typed.route)
    return typed


def _unsigned(
    step: str, route: str, by: str, until: int | None, text: str, base: tuple[int, str, int], source: str
) -> Word:
    at, ref, index = base
    return Word(step, route, by, at, until, text, ref, index, signed=False, source=source)


def _standing(route: str, words: list[Word], now: int) -> Clearance:
    counts, asker = words[0], ""
    for word in words:
        if word.step in ANSWERS and counts.step == ASKED and word.by == asker:
            continue
        counts = word
        asker = word.by if word.step == ASKED else asker
    over = counts.until is not None and counts.until <= now
    state = {ASKED: "unanswered", CONFIRMED: "lapsed"}[counts.step] if over else counts.step
    return Clearance(route, tuple(words), state, counts)
