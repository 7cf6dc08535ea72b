"""Write the page's list of words (`web/scanner/js/words.js`) from the same list that this node draws from."""

from pathlib import Path

from safeconduct.passes.binding import WORD_LISTS, words_of

FILE = Path(__file__).resolve().parent.parent / "src/safeconduct/web/scanner/js/words.js"
PER_LINE = 16
HEAD = """/** The words that passes are bound to and that are said, by list; each list in its order. Written by
 * `tools/make_scanner_words.py`; `bip39-en` is the English list of BIP 39 (MIT licence, as in the package mnemonic). */
"""


def words() -> str:
    """All lists as a module of the page."""
    parts = [HEAD, "export const WORDS = {\n"]
    for name in WORD_LISTS:
        listed = words_of(name)
        lines = [" ".join(listed[at : at + PER_LINE]) for at in range(0, len(listed), PER_LINE)]
        parts.append(f'  "{name}": `' + "\n".join(lines) + "`.split(/\\s/),\n")
    return "".join([*parts, "};\n"])


if __name__ == "__main__":
    FILE.write_text(words(), encoding="utf-8")
    print(FILE)
