"""XML from strangers as a small tree: no document type, so no entities; bounded in size, depth and number of elements.

By the standard library's expat, whose handlers refuse before anything is expanded. A document type is refused as such,
since CAP and Atom have none: this closes entity bombs and external entities in one place.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from safeconduct.errors import BadInput

LIMIT_BYTES = 2 << 20
MAX_DEPTH = 16  # CAP has five levels
MAX_ELEMENTS = 50_000


@dataclass(slots=True)
class Element:
    """One element: its name without prefix, its namespace, its text (all pieces joined), its children, its line."""

    name: str
    namespace: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)


def parse(data: bytes, *, where: str) -> Element:
    """Root of an XML document.

    Raises:
        BadInput: `bad-xml`: too large, too deep, too many elements, with a document type, or not well-formed.
    """
    if len(data) > LIMIT_BYTES:
        raise BadInput("bad-xml", where=where, expected=f"at most {LIMIT_BYTES} bytes", seen=len(data))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top: list[Element] = []
    stack: list[Element] = []
    count = 0

    def refuse_doctype(name: str, *_: object) -> None:
        raise BadInput("bad-xml", where=f"{where}, line {parser.CurrentLineNumber}",
                       expected="no document type (<!DOCTYPE …>)", seen=name)  # fmt: skip

    def start(name: str, _attributes: object) -> None:
        nonlocal count
        count += 1
        if len(stack) >= MAX_DEPTH or count > MAX_ELEMENTS:
            seen = f"level {len(stack) + 1}, element {count}"
            expected = f"at most {MAX_DEPTH} levels and {MAX_ELEMENTS} elements"
            raise BadInput("bad-xml", where=f"{where}, line {parser.CurrentLineNumber}", expected=expected, seen=seen)
        namespace, _, local = name.rpartition(" ")
        one = Element(local, namespace, parser.CurrentLineNumber)
        (stack[-1].children if stack else top).append(one)
        stack.append(one)

    def end(_name: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].text += data

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        place = f"{where}, line {error.lineno}"
        raise BadInput("bad-xml", where=place, expected="well-formed XML", seen=expat.ErrorString(error.code)) from None
    except (LookupError, ValueError) as error:  # an encoding that Python does not know, or cannot use here
        raise BadInput("bad-xml", where=where, expected="XML in UTF-8", seen=str(error)) from None
    return top[0]
