"""The public feed: an Atom document (RFC 4287) that names the CAP alert of each control point that is not open."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from safeconduct.exchange.cap import MEDIA_TYPE, to_bytes
from safeconduct.exchange.cap_out import POINT_STATES, gate_name
from safeconduct.workflows.cap_feed import GateAdvice

NAMESPACE = "http://www.w3.org/2005/Atom"
ATOM_TYPE = "application/atom+xml"


def feed(found: Sequence[GateAdvice], *, party: str, name: str, exercise: bool) -> bytes:
    """The feed of these words, newest first.

    Args:
        found: the newest word on each point.
        party: id of the party that gives them.
        name: its neutral name.
        exercise: whether nobody is to act on them for real.
    """
    root = ET.Element("feed", {"xmlns": NAMESPACE})
    title = f"Control points, {name}"
    _text(root, "title", f"EXERCISE: {title}" if exercise else title)
    _text(root, "id", f"urn:safeconduct:cap:{party}")
    _text(root, "updated", _time(found[0].at if found else 0))
    _text(ET.SubElement(root, "author"), "name", name)
    ET.SubElement(root, "link", {"rel": "self", "href": "/cap/feed.atom", "type": ATOM_TYPE})
    for one in found:
        entry = ET.SubElement(root, "entry")
        _text(entry, "title", f"{POINT_STATES[one.state][0]}: {one.name}")
        _text(entry, "id", f"urn:safeconduct:cap:{party}:{gate_name(one)}")
        _text(entry, "updated", _time(one.at))
        _text(entry, "summary", POINT_STATES[one.state][1])
        ET.SubElement(entry, "link", {"rel": "alternate", "href": f"/cap/{gate_name(one)}.cap", "type": MEDIA_TYPE})
    return to_bytes(root)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
