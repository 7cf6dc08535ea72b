"""A small map of a warning's area: the cell among its neighbours, with its size, and the control points placed here."""

from collections.abc import Iterable
from math import cos, radians

from markupsafe import Markup

from safeconduct.web.pages.svg import Canvas

SIDE = 300  # of the drawing, in user units
EDGE = 26
BESIDE = 1.0  # cells shown on either side


def area_map(bounds: tuple[int, int, int, int], size_m: int, points: Iterable[tuple[str, int, int]] = ()) -> Markup:
    """Draw a cell in the middle of its neighbours, north above.

    Args:
        bounds: south, west, north, east of the cell, in microdegrees.
        size_m: its longer side in metres.
        points: (name, latitude, longitude in microdegrees) of control points; those outside the drawing are left out.

    Returns:
        An inline SVG, never taller than it is wide by more than the cell is.
    """
    south, west, north, east = bounds
    high, wide = north - south, east - west
    narrow = max(cos(radians((south + north) / 2e6)), 0.2)  # a degree of longitude against one of latitude
    cell_w = (SIDE - 2 * EDGE) / (1 + 2 * BESIDE)
    cell_h = min(cell_w / narrow * high / wide, 2 * cell_w)
    height = round(cell_h * (1 + 2 * BESIDE)) + 2 * EDGE
    label = (
        f"Map: an area about {distance(size_m)} across, between {degrees(south, 'N', 'S')} and "
        f"{degrees(north, 'N', 'S')}, {degrees(west, 'E', 'W')} and {degrees(east, 'E', 'W')}"
    )
    canvas = Canvas(SIDE, height, label, "map")
    left, top = EDGE + BESIDE * cell_w, EDGE + BESIDE * cell_h
    for step in range(4):
        x, y = EDGE + step * cell_w, EDGE + step * cell_h
        canvas.line(x, EDGE, x, height - EDGE, "grid")
        canvas.line(EDGE, y, SIDE - EDGE, y, "grid")
    canvas.rect(left, top, cell_w, cell_h, "area", "the area of the warning")
    canvas.text(left + cell_w / 2, top + cell_h / 2 + 5, distance(size_m), "strong", "middle")
    canvas.text(left + cell_w / 2, top - 6, degrees(north, "N", "S"), "tick", "middle")
    canvas.text(left + cell_w / 2, top + cell_h + 14, degrees(south, "N", "S"), "tick", "middle")
    canvas.text(left - 4, top + cell_h / 2 + 4, degrees(west, "E", "W"), "tick", "end")
    canvas.text(left + cell_w + 4, top + cell_h / 2 + 4, degrees(east, "E", "W"), "tick", "start")
    canvas.path([(SIDE - 14, 10), (SIDE - 9, 22), (SIDE - 19, 22)], "north", close=True)
    canvas.text(SIDE - 14, 34, "N", "tick", "middle")
    for name, lat, lon in points:
        x = left + (lon - west) / wide * cell_w
        y = top + (north - lat) / high * cell_h
        if EDGE <= x <= SIDE - EDGE and EDGE <= y <= height - EDGE:
            canvas.circle(x, y, 4, "dot")
            side = "end" if x > SIDE / 2 else "start"
            canvas.text(x + (-7 if side == "end" else 7), y - 6, name, "note", side)
    return canvas.done()


def distance(metres: int) -> str:
    """Return "1.2 km" or "650 m"."""
    return f"{metres / 1000:.1f} km".replace(".0 km", " km") if metres >= 1_000 else f"{metres} m"


def degrees(micro: int, positive: str, negative: str) -> str:
    """Return "34.255° N"."""
    return f"{abs(micro) / 1e6:.3f}° {positive if micro >= 0 else negative}"
