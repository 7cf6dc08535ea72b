"""Areas: the cells of one square quadtree over latitude and longitude, where a cell's parent is its name cut short.

The grid is the plate carrée: the square of 360° by 360°, halved in both directions at each level, of which latitudes
beyond ±90° stay unused. It was chosen over Web Mercator because cell and bounds need integers only: two readers in two
languages cannot round differently at an edge, and a party cannot be sent next door by a last bit. The price is that a
cell is narrower than high away from the equator (by 0.83 at 34° north). H3 was left out because its cells do not nest.

Positions are whole microdegrees (0.11 m). A digit is 2 × (north half) + (east half). A cell contains its south and
west edges and neither its north nor its east edge; longitude 180° is −180°.
"""

import re

from safeconduct.errors import BadInput

FINEST_LEVEL = 16  # 612 m: no release is finer than this, whatever a policy says
MAX_LEVEL = 24  # 2.4 m; 360e6 × 2^24 also fits the 53 bits of a number in a page
TURN = 360_000_000  # microdegrees
HALF_TURN, QUARTER_TURN = TURN // 2, TURN // 4
EQUATOR_M = 40_075_017  # metres around the equator, WGS 84; a meridian is shorter, so this bounds both sides

_CELL = re.compile(r"[0-3]{1,24}", re.ASCII)


def cell(lat_micro: int, lon_micro: int, level: int) -> str:
    """Name of the cell of `level` (1 to 24) that contains a position in microdegrees.

    Raises:
        BadInput: `bad-position` for a position that is not on earth, `bad-level`.
    """
    if not -QUARTER_TURN <= lat_micro <= QUARTER_TURN:
        raise BadInput("bad-position", where="latitude", expected="-90000000 to 90000000", seen=lat_micro)
    if not -HALF_TURN <= lon_micro <= HALF_TURN:
        raise BadInput("bad-position", where="longitude", expected="-180000000 to 180000000", seen=lon_micro)
    if not 1 <= level <= MAX_LEVEL:
        raise BadInput("bad-level", where="level", expected=f"1 to {MAX_LEVEL}", seen=level)
    north = ((lat_micro + HALF_TURN) << level) // TURN
    east = (((lon_micro + HALF_TURN) % TURN) << level) // TURN
    return "".join(str(2 * (north >> bit & 1) + (east >> bit & 1)) for bit in range(level - 1, -1, -1))


def parse_cell(text: str, *, where: str) -> str:
    """The name of a cell on earth.

    Raises:
        BadInput: `bad-cell`, for other signs, more than 24 digits, or latitudes beyond the poles.
    """
    if not _CELL.fullmatch(text):
        raise BadInput("bad-cell", where=where, expected="1 to 24 digits of 0 to 3", seen=text)
    if not _on_earth(text):
        raise BadInput("bad-cell", where=where, expected="a cell on earth", seen=text)
    return text


def _on_earth(text: str) -> bool:
    """Whether a cell has a latitude between the poles.

    North halves of the first two digits: 00 and 11 are latitudes below -90° and from 90° on (the pole itself is 11,
    and all that follows it is southern edge).
    """
    if len(text) < 2 or (text[0] in "23") != (text[1] in "23"):
        return True
    return text[0] in "23" and not any(digit in "23" for digit in text[2:])


def parent(name: str) -> str:
    """Name of the cell that contains this one; the parent of a cell of level 1 is the whole square, ''."""
    return name[:-1]


def contains(outer: str, inner: str) -> bool:
    """Whether cell `inner` lies in cell `outer` (or is it)."""
    return inner.startswith(outer)


def touches(one: str, other: str) -> bool:
    """Whether two cells have a position in common: one contains the other."""
    return one.startswith(other) or other.startswith(one)


def around(name: str) -> tuple[str, ...]:
    """The cell itself, and the cells of its level on earth that share an edge or a corner with it, sorted."""
    level = len(name)
    north, east = _steps(name)
    found = set()
    for y in range(max(0, north - 1), min(1 << level, north + 2)):
        for x in (east - 1, east, east + 1):
            found.add("".join(str(2 * (y >> bit & 1) + (x >> bit & 1)) for bit in range(level - 1, -1, -1)))
    return tuple(sorted(one for one in found if _on_earth(one)))


def bounds(name: str) -> tuple[int, int, int, int]:
    """South, west, north, east of a cell in microdegrees: whole positions p with south <= p < north, and so on."""
    level = len(name)
    north, east = _steps(name)
    return _edge(north, level), _edge(east, level), _edge(north + 1, level), _edge(east + 1, level)


def centre(name: str) -> tuple[int, int]:
    """Latitude and longitude of a cell's middle, in microdegrees, rounded down."""
    south, west, north, east = bounds(name)
    return (south + north) // 2, (west + east) // 2


def size_m(name: str) -> int:
    """Longer side of a cell in metres, rounded up: an upper bound on both sides."""
    return -(-EQUATOR_M >> len(name))


def level_for(precision_m: int, finest: int) -> int:
    """Finest level up to `finest` whose cells are not smaller than `precision_m` metres (1 at the least)."""
    level = finest
    while level > 1 and EQUATOR_M >> level < precision_m:
        level -= 1
    return level


def straddles(name: str, lat_micro: int, lon_micro: int, precision_m: int) -> bool:
    """Whether a position known to `precision_m` metres may lie outside the cell.

    A degree of longitude is taken to be as narrow as at 60°, and beyond 60° every cell counts as straddled, so that
    the answer errs towards "may".
    """
    reach = -(-precision_m * TURN // EQUATOR_M)
    south, west, north, east = bounds(name)
    fits_lat = south <= lat_micro - reach and lat_micro + reach < north
    fits_lon = west <= lon_micro - 2 * reach and lon_micro + 2 * reach < east
    return not (fits_lat and fits_lon and abs(lat_micro) < 60_000_000)


def _steps(name: str) -> tuple[int, int]:
    """How many cells of its level lie south and west of a cell."""
    north = sum((int(digit) >> 1) << place for place, digit in enumerate(reversed(name)))
    east = sum((int(digit) & 1) << place for place, digit in enumerate(reversed(name)))
    return north, east


def _edge(index: int, level: int) -> int:
    """First whole microdegree at or after the edge with this index."""
    return -(-(index * TURN) >> level) - HALF_TURN
