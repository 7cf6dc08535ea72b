"""From bytes to text: marks at the start, what the page declares, UTF-8, and last a guess. Never an error."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

LIMIT_BYTES = 1 << 20  # 1 MiB; a report is a few kB, and what is longer than this is no report

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<(?:meta\s[^<>]{0,200}?charset|\?xml\s[^<>]{0,80}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
# Where a page says Latin-1 browsers read Windows-1252, which adds the typographic quotation marks.
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# What a press report may come in, beside UTF-8. A guess among fewer is right more often.
_PLAUSIBLE = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "iso8859_2", "iso8859_6"),
]
_SAMPLE = 64 << 10  # bytes that the guess looks at
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a packed file (a word processor's document or a zip)"),
    (b"\xd0\xcf\x11\xe0", "an old word processor's document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file. `data.decode(encoding, "replace")` of the bytes that were read gives the same characters."""

    text: str
    encoding: str
    problems: tuple[str, ...] = ()
    readable: bool = True  # False: this is no text, and nothing is to be suggested from it


def decode(data: bytes) -> Decoded:
    """Text of the bytes, as far as it can be read; what was left out, guessed or replaced is told in words."""
    problems: list[str] = []
    if len(data) > LIMIT_BYTES:
        problems.append(f"only the first {LIMIT_BYTES} of {len(data)} bytes were read")
        data = data[:LIMIT_BYTES]
    if not data:
        return Decoded("", "utf-8", ("the file is empty",))
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            problems.append(f"this is {name}, not text: nothing was read from it; save it as text first")
            return Decoded(data.decode("utf-8", "replace"), "utf-8", tuple(problems), readable=False)
    text, encoding = _text(data, problems)
    readable = len(_CONTROL.findall(text, 0, _SAMPLE)) * 10 <= min(len(text), _SAMPLE)
    if not readable:
        problems.append("most of this is not text: nothing was read from it")
    elif "\x00" in text:
        problems.append(f"{text.count(chr(0))} null bytes were read as spaces")
    return Decoded(text, encoding, tuple(problems), readable)


def _text(data: bytes, problems: list[str]) -> tuple[str, str]:
    """Text and encoding, in this order: a mark at the start, UTF-8, the page's declaration, a guess.

    Strict UTF-8 goes before what a page declares: bytes that are valid UTF-8 beyond ASCII are nothing else, and
    pages that were saved again often declare what they were before.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data, encoding, problems), encoding
    if unmarked := _wide(data[:_SAMPLE]):
        problems.append(f"read as {unmarked}, which the file does not say")
        return _lenient(data, unmarked, problems), unmarked
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    if broken <= 0 or (broken == 1 and len(data) == LIMIT_BYTES):
        return text, "utf-8"
    declared = _declared(data)
    if declared and declared != "utf-8":
        return _lenient(data, declared, problems), declared
    if sum(not char.isascii() for char in text) > 5 * broken or declared:
        problems.append(f"{broken} places are not valid UTF-8 and were replaced")
        return text, "utf-8"
    best = from_bytes(data[:_SAMPLE], cp_isolation=_PLAUSIBLE, enable_fallback=False).best()
    guess = _simplest(data[:_SAMPLE], best.encoding if best else "cp1252")
    problems.append(f"the encoding was guessed: {guess}")
    return _lenient(data, guess, problems), guess


def _lenient(data: bytes, encoding: str, problems: list[str]) -> str:
    text = data.decode(encoding, "replace")
    if replaced := text.count("\ufffd"):
        problems.append(f"{replaced} places could not be read as {encoding} and were replaced")
    return text


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4096])
    if not found:
        return ""
    try:
        name = codecs.lookup(found[1].decode("ascii", "replace")).name
        "".encode(name)  # some codecs are not for text
    except (LookupError, ValueError):
        return ""
    return _READ_AS.get(name, name)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: in Western text every second byte is zero."""
    pairs = len(sample) // 2
    if pairs < 4 or b"\x00" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * pairs and odd < 0.1 * pairs else ""


def _simplest(sample: bytes, guess: str) -> str:
    """Windows-1252 instead of a rarer guess, when all that is not ASCII is its punctuation, or a few of its accents.

    A few typographic quotation marks in an English text are too little for a statistical guess.
    """
    high = {byte for byte in sample if byte >= 0x80}
    few = sum(byte >= 0x80 for byte in sample) * 50 <= len(sample)
    return "cp1252" if high <= _MARKS_1252 or (few and high <= _WESTERN) else guess


_MARKS_1252 = frozenset("‘’“”–—…•€".encode("cp1252"))
_WESTERN = _MARKS_1252 | frozenset("£§©®°·«» áàâäãåæçéèêëíìîïñóòôöõøœúùûüßÁÀÂÄÇÉÈÊËÍÎÏÑÓÔÖØŒÚÜ".encode("cp1252"))
