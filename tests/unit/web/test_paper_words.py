"""What is printed and asked in five languages: the same keys, the right script, set by the fonts that are there."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from safeconduct.web.pages.paper_words import LANGUAGES, WORDS, words_in
from safeconduct.web.pages.pdf_parts import fonts
from safeconduct.web.pages.script_text import NASKH, Setting, height_of, lines_of, scripts, width_of, write
from safeconduct.web.pages.tell_words import TELL

RTL = ("prs", "ps", "ar")


def drawn(text, how, width=500):
    out = BytesIO()
    canvas = Canvas(out)
    below = write(canvas, text, (30, 800), width, how)
    canvas.save()
    return below, PdfReader(BytesIO(out.getvalue())).pages[0]


@pytest.mark.parametrize("words", [WORDS, TELL], ids=["paper", "tell"])
def test_every_language_says_the_same_things(words):
    assert set(words) == set(LANGUAGES)
    for lang in LANGUAGES:
        assert set(words[lang]) == set(words["en"])
        assert all(text.strip() for text in words[lang].values())
        if lang != "en":
            assert not [key for key in words[lang] if words[lang][key] == words["en"][key]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_of_what_is_printed_is_in_the_fonts(lang):
    known = set(fonts()) | set(scripts()[NASKH])
    letters = {c for text in words_in(lang).values() for c in text if not c.isspace()} - {"\u200c", "\u200d"}
    assert not [c for c in letters if ord(c) not in known]


@pytest.mark.parametrize("lang", RTL)
def test_right_to_left_text_ends_at_the_right_edge_and_its_letters_are_joined(lang):
    how = Setting(lang, 12)
    text = words_in(lang)["5"]
    joined = sum(width_of(word, how) for word in text.split())
    apart = sum(width_of(letter, how) for letter in text if not letter.isspace())
    assert joined < apart  # isolated letters are wider than joined ones
    below, page = drawn(text, how)
    assert below == pytest.approx(800 - height_of(text, 500, how))
    assert page.extract_text().strip()


def test_numbers_and_latin_words_keep_their_order_in_a_right_to_left_line():
    seen = []

    class Paper(Canvas):
        def drawString(self, x, _y, text, *_a, **_k):  # noqa: N802  (the library's own name)
            seen.append((x, str(text)))

    write(Paper(BytesIO()), "تر 148 پورې SC1 code.", (0, 100), 400, Setting("ps", 10))
    from_the_right = [text for _, text in sorted(seen, reverse=True)]
    assert from_the_right[1] == "148"
    assert from_the_right[3] == "SC1 code"  # one run, read from the left; its full stop belongs to the line
    assert from_the_right[4] == "."


def test_a_line_is_broken_where_the_column_ends_and_a_long_word_stands_alone():
    how = Setting(size=10)
    lines = lines_of("one two three four", width_of("one two", how) + 0.1, how)
    assert lines == (("one", "two"), ("three",), ("four",))
    assert lines_of("a incomprehensibilities b", 20, how) == (("a",), ("incomprehensibilities",), ("b",))
