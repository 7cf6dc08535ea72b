"""Write the scanner page's tables: Ed25519 cases that it runs at its start, and what JavaScript lacks of Unicode.

The cases are those of spec/vectors/signatures.json and one more, which a verifier that multiplies the cofactor in
would accept. The tables of characters are what `passes.binding.normalise` uses and a regular expression cannot ask:
combining classes, and the case foldings that differ from lower case of upper case. The same bytes on every run.
"""

import json
import sys
import unicodedata
from hashlib import sha512
from pathlib import Path

from nacl import bindings

HERE = Path(__file__).resolve().parent.parent
SCRIPTS = HERE / "src" / "safeconduct" / "web" / "scanner" / "js"
ORDER_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
L = (1 << 252) + 27_742_317_777_372_353_535_851_937_790_883_648_493
NOTE = "// Written by tools/make_scanner_tables.py; do not change by hand.\n"


def mixed_order_r() -> list[object]:
    """Return a case whose R carries a point of order 8: right with the cofactor, wrong by the one rule."""
    public, secret = bindings.crypto_sign_seed_keypair(bytes(31) + b"\7")
    digest = bytearray(sha512(secret[:32]).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    r, message = (12_345).to_bytes(32, "little"), b"mixed order"
    point = bindings.crypto_core_ed25519_add(bindings.crypto_scalarmult_ed25519_base_noclamp(r), ORDER_8)
    k = int.from_bytes(sha512(point + public + message).digest(), "little")
    s = (12_345 + k * int.from_bytes(digest, "little")) % L
    return [public.hex(), message.hex(), (point + s.to_bytes(32, "little")).hex(), False]


def cases() -> str:
    """Return the module with the cases."""
    told = json.loads((HERE / "spec" / "vectors" / "signatures.json").read_text("utf-8"))["verify"]
    rows = [[case["public_key"], case["message"], case["signature"], case["expect"]] for case in told]
    lines = "".join(f"  {json.dumps(row)},\n" for row in [*rows, mixed_order_r()])
    what = "/** Cases that a verifier must get right: public key, message, signature, and true, false or a code. */\n"
    return f"{NOTE}{what}export const CASES = [\n{lines}];\n"


def ranges(points: list[int]) -> str:
    """Return code points as a character class of a regular expression."""
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"\\u{{{low:x}}}" + (f"-\\u{{{high:x}}}" if high > low else "") for low, high in runs)


def unicode_tables() -> str:
    """Return the module with what a regular expression cannot ask."""
    known = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    combining = [ord(char) for char in known if unicodedata.combining(char)]
    plain = [char for char in known if unicodedata.normalize("NFKD", char) == char]
    folds = {char: char.casefold() for char in plain if char.casefold() != lower_of_upper(char)}
    kinds = {char: unicodedata.category(char) for char in plain}
    odd = [char for char, kind in kinds.items() if kind != "Cn" and char.isalnum() != (kind[0] in "LN")]
    assert not odd, "a letter or digit by Python that is none by its category"  # noqa: S101
    pairs = "".join(f"  [{json.dumps(char)}, {json.dumps(fold)}],\n" for char, fold in folds.items())
    return (
        f"{NOTE}/** Characters with a combining class other than 0. */\n"
        f"export const COMBINING = /[{ranges(combining)}]/gu;\n"
        "/** Case foldings that are not the lower case of the upper case. */\n"
        f"export const FOLDS = new Map([\n{pairs}]);\n"
    )


def lower_of_upper(char: str) -> str:
    """Return what JavaScript can say of a case folding, character by character."""
    return "".join(one.lower() for one in char.upper())


def main() -> None:
    """Write both modules."""
    (SCRIPTS / "ed25519-cases.js").write_text(cases(), "utf-8")
    (SCRIPTS / "unicode.js").write_text(unicode_tables(), "utf-8")


if __name__ == "__main__":
    main()
