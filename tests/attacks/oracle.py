"""What an attacker computes on his own, from spec/ and from what crossed: none of the program's code is used here."""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from fractions import Fraction
from math import cos, pi, radians


def square(name):
    """South, west, north, east of a cell in degrees, found by halving the square of 360° by 360°."""
    south, west, side = Fraction(-180), Fraction(-180), Fraction(360)
    for digit in name:
        side /= 2
        south += side if digit in "23" else 0
        west += side if digit in "13" else 0
    return south, west, south + side, west + side


def cell_of(lat, lon, level):
    """Name of the cell of a position in degrees."""
    south, west, side, name = Fraction(-180), Fraction(-180), Fraction(360), ""
    for _ in range(level):
        side /= 2
        north, east = lat >= south + side, lon >= west + side
        south, west = south + (side if north else 0), west + (side if east else 0)
        name += str(2 * north + east)
    return name


def lies_in(lat, lon, name):
    south, west, north, east = square(name)
    return south <= lat < north and west <= lon < east


def middle(name):
    """The middle of a cell in microdegrees."""
    south, west, north, east = square(name)
    return int((south + north) / 2 * 1_000_000), int((west + east) / 2 * 1_000_000)


def meet(one, other):
    """Whether two cells have ground in common, by their edges."""
    a, b = square(one), square(other)
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def lattice(name, depth, inside=2):
    """Positions in microdegrees spread over a cell: `inside` by `inside` in each cell that is `depth` levels finer."""
    south, west, north, east = square(name)
    steps = inside << depth
    return [
        (
            int((south + (north - south) * Fraction(2 * y + 1, 2 * steps)) * 1_000_000),
            int((west + (east - west) * Fraction(2 * x + 1, 2 * steps)) * 1_000_000),
        )
        for y in range(steps)
        for x in range(steps)
    ]


def metres(name):
    """Shorter side of a cell in metres, on the sphere of 6,371 km."""
    south, west, north, east = map(float, square(name))
    widest = max(abs(south), abs(north))
    return min((north - south), (east - west) * cos(radians(widest))) * pi / 180 * 6_371_000


def groups(worlds, seen):
    """Worlds that look the same to the attacker, by what he sees."""
    found = defaultdict(set)
    for world in worlds:
        found[seen(world)].add(world)
    return found


def reach(cells, areas):
    """Whether somebody who reaches these cells could have told of something in each of these areas."""
    return all(any(meet(area, cell) for cell in cells) for area in areas)


def fields_of(wire_or_bundle):
    """Fields of the release in a STIX bundle, found by the one property extension of the report in it."""
    bundle = json.loads(wire_or_bundle)
    [report] = [one for one in bundle["objects"] if one["type"] == "report"]
    [extension] = report["extensions"].values()
    return {name: value for name, value in extension.items() if name != "extension_type"}


def leaf(name, value, salt):
    """A leaf of the commitment as spec/signatures.md writes it; CBOR by hand for texts and small integers."""
    return hashlib.sha256(b"\0" + salt + b"\x82" + _cbor(name) + _cbor(value)).digest()


def _cbor(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(_cbor, value))
    if isinstance(value, dict):
        pairs = sorted((_cbor(k), _cbor(v)) for k, v in value.items())
        return _head(5, len(value)) + b"".join(k + v for k, v in pairs)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(1, -1 - value) if value < 0 else _head(0, value)


def _head(major, number):
    for size, code in ((0, None), (1, 24), (2, 25), (4, 26), (8, 27)):
        if size == 0 and number < 24:
            return bytes([major << 5 | number])
        if size and number < 1 << (8 * size):
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError(number)


def root(leaves):
    """Merkle root of RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + root(leaves[:half]) + root(leaves[half:])).digest()


# Letters that look alike, and the commonest ways to write Dari, Pashto, Arabic and Cyrillic in Latin letters.
LOOKS = str.maketrans("аесорхуіјԁһқ0135$@АВЕКМНОРСТХ", "aecopxyijdhkoiessaabekmhopctx")
SOUNDS = {
    "ا": "a", "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d",
    "ذ": "z", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "",
    "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "w", "ه": "h",
    "ی": "y", "ي": "y", "б": "b", "в": "v", "г": "g", "д": "d", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "п": "p", "т": "t", "ф": "f", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ы": "y", "э": "e", "ю": "yu", "я": "ya", "ь": "", "ъ": "",
}  # fmt: skip


def foldings(text):
    """Forms under which a reader would know a text again: case, accents, width, look-alikes, transliteration."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    forms = {text.casefold(), plain, bare, bare.translate(LOOKS), "".join(SOUNDS.get(c, c) for c in bare)}
    return {re.sub(r"[\W_]+", "", form) for form in forms}
