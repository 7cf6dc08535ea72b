"""A very small writer of SVG: every text is escaped, every look is a class of the style sheet.

No `style` attribute and no script appears, so that the drawings live under `default-src 'self'`. Plots keep time
running from left to right in every language: `direction` is fixed, because `text-anchor` follows it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from markupsafe import Markup, escape

# Each plot is drawn at two widths, for a laptop and for a phone, because text in a scaled drawing would shrink with it.
WIDE, NARROW = 660, 350  # user units; the style sheet shows one of the two

Scale = Callable[[float], float]
Spot = tuple[float, float]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Return the scale that takes `low` to `start` and `high` to `end`."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def size_of(width: int) -> str:
    """Return the class of a drawing of this width."""
    return "narrow" if width < 500 else "wide"


class Surface(Protocol):
    """What a drawing is made on: a page's SVG, or a sheet of a PDF. The look of a shape is named, not given."""

    @property
    def width(self) -> int:
        """In user units."""
        ...

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""

    def rect(self, x: float, y: float, width: float, height: float, css: str, title: str = "") -> None:
        """Draw a rectangle, with a tooltip where there is one."""

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """Draw a circle."""

    def path(self, points: list[tuple[float, float]], css: str, *, close: bool = False) -> None:
        """Draw a line through points, or the area within them."""

    def text(self, x: float, y: float, words: str, css: str = "", anchor: str = "start") -> None:
        """Write words at a place; `anchor` is start, middle or end."""

    def open_link(self, href: str, title: str) -> None:
        """Start a link around the next elements."""

    def close_link(self) -> None:
        """End the link."""


@dataclass(slots=True)
class Canvas:
    """Elements in drawing order, in user units that equal CSS pixels at full width."""

    width: int
    height: int
    label: str
    css: str
    parts: list[str] = field(default_factory=list)  # elements, their texts escaped

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""
        self.parts.append(f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{escape(css)}"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str, title: str = "") -> None:
        """Draw a rectangle, with a tooltip where there is one."""
        size = f'width="{_n(max(width, 0))}" height="{_n(max(height, 0))}"'
        self.parts.append(f'<rect x="{_n(x)}" y="{_n(y)}" {size} class="{escape(css)}">{_title(title)}</rect>')

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """Draw a circle."""
        self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{escape(css)}"/>')

    def path(self, points: list[tuple[float, float]], css: str, *, close: bool = False) -> None:
        """Draw a line through points, or the area within them."""
        d = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + ("Z" if close else "")
        self.parts.append(f'<path d="{d}" class="{escape(css)}"/>')

    def text(self, x: float, y: float, words: str, css: str = "", anchor: str = "start") -> None:
        """Write words at a place; `anchor` is start, middle or end."""
        place = f'x="{_n(x)}" y="{_n(y)}" text-anchor="{escape(anchor)}" class="{escape(css)}"'
        self.parts.append(f"<text {place}>{escape(words)}</text>")

    def open_link(self, href: str, title: str) -> None:
        """Start a link around the next elements."""
        self.parts.append(f'<a href="{escape(href)}" aria-label="{escape(title)}">{_title(title)}')

    def close_link(self) -> None:
        """End the link."""
        self.parts.append("</a>")

    def done(self) -> Markup:
        """Return the whole drawing."""
        return Markup(
            '<svg class="plot {}" viewBox="0 0 {} {}" role="group" aria-label="{}" direction="ltr">{}</svg>'
        ).format(self.css, self.width, self.height, self.label, Markup("".join(self.parts)))  # noqa: S704  (escaped)


def _n(value: float) -> str:
    """Write a coordinate to a tenth, without a trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""


def nice_ceiling(value: int) -> int:
    """Return the first round number, a whole multiple of four from 4 on, that is not below `value`."""
    step = 1
    while step * 10 < value:
        step *= 10
    for tenths in (10, 12, 16, 20, 24, 32, 40, 60, 80, 100):
        top = step * tenths // 10
        if top >= max(value, 4) and top % 4 == 0:
            return top
    return max(step * 10, 12)


def compact(value: int) -> str:
    """Return a tick label: "0", "500", "50k", "2.5k", "1M"."""
    for size, mark in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{mark}"
    return str(value)
