"""A release to be spoken on a radio or a telephone, and the number by which its hearer refers to it.

Short sentences; every number digit by digit; hours, days and months in words; names spelled. So nothing has to be
guessed from half a word on a bad line. All of it comes from the release: there is nothing else that could be read out.
"""

from hashlib import sha256

from safeconduct.agreements.fields import iso
from safeconduct.alerts.quadtree import centre, size_m
from safeconduct.alerts.release import Release
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# ICAO Annex 10, volume II, 5.2.1.3
LETTERS = {
    word[0].lower(): word
    for word in (
        "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima",
        "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey",
        "X-ray", "Yankee", "Zulu",
    )
}  # fmt: skip
# Damm's quasigroup of order 10 (H. M. Damm, 2004): finds every single wrong digit and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2), (7, 0, 9, 2, 1, 5, 4, 8, 6, 3), (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6), (6, 1, 2, 3, 0, 4, 5, 9, 7, 8), (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4), (8, 9, 4, 5, 3, 6, 2, 0, 1, 7), (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)  # fmt: skip
QUOTED = 1_000_000  # numbers before the check digit
DOMAIN = "safeconduct.quote.1"


def quote_number(release_id: str, version: int) -> str:
    """Seven digits by which a version of a release is quoted back, the last one a check: "481 2063".

    Raises no error and keeps no secret: it follows from the random identifier, and tells nothing of how many there are.
    """
    drawn = sha256(f"{DOMAIN}\x00{release_id}\x00{version}".encode()).digest()
    digits = f"{int.from_bytes(drawn[:8], 'big') % QUOTED:06}"
    whole = digits + str(_check(digits))
    return f"{whole[:3]} {whole[3:]}"


def heard_number(text: str) -> str | None:
    """The number of what somebody said, in its one form; None if it is none, or a digit was misheard."""
    digits = "".join(sign for sign in text if sign not in " -.")
    if len(digits) != 7 or not (digits.isascii() and digits.isdigit()) or _check(digits):
        return None
    return f"{digits[:3]} {digits[3:]}"


def read_out(release: Release, *, party: str, points: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Sentences of a release, in the order in which they are read.

    Args:
        release: what is read out.
        party: name of the party that sends it.
        points: names of control points that the hearer has, if they are known to lie in the area.
    """
    number = digit_words(quote_number(release.id, release.version))
    if release.revoked:
        return (
            f"This is {party}. A warning is withdrawn.",
            f"Its number is {number}. I say again: {number}.",
            "What was said in it no longer holds. Please tell everybody whom you told.",
            "Say now whether you have understood, and give the number.",
        )
    again = " It corrects an earlier one: forget the earlier one." if release.version > 1 else ""
    lat, lon = centre(release.area)
    sentences = [
        f"This is {party}. This is a warning.{again}",
        f"Its number is {number}. I say again: {number}.",
        f"Threatened: {THREATENED[release.threatened_class]}.",
        f"Place: an area {_metres(size_m(release.area))} across.",
        f"Its middle is {_degrees(lat, 'north', 'south')}, {_degrees(lon, 'east', 'west')}.",
        *(f"In it: {name}. I spell: {spelled(name)}." for name in points),
        f"From {time_words(release.window_from)}.",
        f"Until {time_words(release.window_to)}.",
        "All times are UTC.",
    ]
    if release.likelihood is not None:
        sentences.append(f"How likely: {LIKELIHOOD[release.likelihood][0]}.")
    sentences += [
        f"Please do this: {ADVICE[release.advised_action]}.",
        "This is no order, and no leave to use force.",
        "Say now: received, understood, accepted, or declined with your reason. Then give the number.",
    ]
    return tuple(sentences)


def digit_words(text: str) -> str:
    """Digits in words, other signs left out: "four eight one two zero six three"."""
    return " ".join(DIGITS[int(sign)] for sign in text if sign.isascii() and sign.isdigit())


def time_words(at: int) -> str:
    """A time as nobody mistakes it: "two two three zero hours, day two six, August, two zero two one"."""
    text = iso(at)
    hours = f"{digit_words(text[11:13])} {digit_words(text[14:16])} hours"
    return f"{hours}, day {digit_words(text[8:10])}, {MONTHS[int(text[5:7]) - 1]}, {digit_words(text[:4])}"


def spelled(name: str) -> str:
    """A name letter by letter in the spelling alphabet; digits in words; a space is said."""
    said = []
    for sign in name.lower():
        if sign in LETTERS:
            said.append(LETTERS[sign])
        elif sign.isascii() and sign.isdigit():
            said.append(DIGITS[int(sign)])
        else:
            said.append("space" if sign == " " else sign)
    return ", ".join(said)


def _degrees(micro: int, positive: str, negative: str) -> str:
    """A coordinate to a ten-thousandth of a degree, about 11 m, digit by digit."""
    whole, part = divmod(abs(micro) // 100, 10_000)
    side = positive if micro >= 0 else negative
    return f"{side} {digit_words(str(whole))} decimal {digit_words(f'{part:04}')}"


def _metres(size: int) -> str:
    if size < 2_000:
        return f"{digit_words(str(size))} metres"
    return f"{digit_words(str(-(-size // 1_000)))} kilometres"


def _check(digits: str) -> int:
    interim = 0
    for sign in digits:
        interim = _DAMM[interim][int(sign)]
    return interim
