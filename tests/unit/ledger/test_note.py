"""Signed log checkpoints and cosignatures."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.ledger.note import (
    COSIGNATURE,
    ED25519,
    checkpoint_body,
    cosign,
    note_key,
    parse_checkpoint,
    parse_vkey,
    sign_checkpoint,
    verify_cosignature,
    verify_note,
    vkey,
)
from safeconduct.ledger.text import decode_lines
from safeconduct.seal.keys import SigningKey

LOG, WITNESS = SigningKey.from_seed(b"l" * 32), SigningKey.from_seed(b"w" * 32)
LOG_KEY = note_key("evac.example/log", ED25519, LOG.public)
WITNESS_KEY = note_key("cordon.example/w", COSIGNATURE, WITNESS.public)
ROOT = sha256(b"root").digest()
NOTE = sign_checkpoint(LOG_KEY.name, 7, ROOT, LOG)
LINE = cosign(parse_checkpoint(NOTE).body, WITNESS_KEY.name, WITNESS, 1_629_936_000)

# The example of C2SP tlog-cosignature: facts of a published format, a second reader of our parser.
PUBLISHED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def attempt(function, *arguments, **named):
    """What the function returns and None, or None and the code of its refusal of bad input."""
    try:
        return function(*arguments, **named), None
    except BadInput as error:
        return None, error.code


def test_published_checkpoint_is_read():
    head = parse_checkpoint(PUBLISHED)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert [line.name for line in head.signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert [len(line.blob) for line in head.signatures] == [64, 72]
    assert int.from_bytes(head.signatures[1].blob[:8], "big") == 1679315147


def test_note_of_the_log_verifies_and_of_nobody_else():
    assert verify_note(NOTE, LOG_KEY)
    assert verify_note(parse_checkpoint(NOTE + LINE), LOG_KEY)
    assert not verify_note(NOTE, note_key(LOG_KEY.name, ED25519, WITNESS.public))
    assert not verify_note(NOTE, note_key("else.example/log", ED25519, LOG.public))


def test_cosignature_tells_its_time():
    assert verify_cosignature(NOTE + LINE, WITNESS_KEY) == 1_629_936_000
    assert verify_cosignature(NOTE, WITNESS_KEY) is None


def test_body_is_three_lines_and_the_message_of_the_cosignature_two_more():
    body = checkpoint_body(LOG_KEY.name, 7, ROOT)
    assert NOTE.startswith(body + "\n— ")
    line = parse_checkpoint(NOTE + LINE).signatures[1]
    message = b"cosignature/v1\ntime 1629936000\n" + body.encode()
    assert WITNESS.verify_key.verify(line.blob[8:], message)


def test_time_moved_by_a_second_is_no_cosignature():
    body = parse_checkpoint(NOTE).body
    line = parse_checkpoint(NOTE + LINE).signatures[1]
    moved = (1_629_936_001).to_bytes(8, "big") + line.blob[8:]
    assert not WITNESS.verify_key.verify(moved[8:], b"cosignature/v1\ntime 1629936001\n" + body.encode())
    assert verify_cosignature(NOTE + rewritten(moved), WITNESS_KEY) is None


def rewritten(blob):
    from safeconduct.ledger.text import to_base64  # noqa: PLC0415

    return f"— {WITNESS_KEY.name} {to_base64(WITNESS_KEY.key_id + blob)}\n"


def test_forged_cosignature_does_not_hide_behind_a_right_one():
    line = parse_checkpoint(NOTE + LINE).signatures[1]
    for blob in (line.blob[:-1], line.blob + b"\0", b"\xff" * 8 + line.blob[8:], line.blob[:8] + bytes(64)):
        assert verify_cosignature(NOTE + LINE + rewritten(blob), WITNESS_KEY) is None
        assert verify_note(NOTE + LINE + rewritten(blob), LOG_KEY)


def test_latest_of_several_cosignatures_counts():
    body = parse_checkpoint(NOTE).body
    lines = [cosign(body, WITNESS_KEY.name, WITNESS, at) for at in (0, 5, 3)]
    assert verify_cosignature(NOTE + "".join(lines), WITNESS_KEY) == 5
    assert verify_cosignature(NOTE + lines[0], WITNESS_KEY) == 0


def test_key_of_one_kind_never_verifies_the_other_kind():
    both = note_key(LOG_KEY.name, COSIGNATURE, LOG.public)
    assert verify_cosignature(NOTE, both) is None
    assert not verify_note(NOTE + cosign(parse_checkpoint(NOTE).body, LOG_KEY.name, LOG, 1), both)
    assert verify_cosignature(NOTE, LOG_KEY) is None


def test_vkey_comes_back():
    for key in (LOG_KEY, WITNESS_KEY):
        text = vkey(key.name, key.type_byte, key.verify_key.raw)
        assert text.startswith(f"{key.name}+{key.key_id.hex()}+")
        assert parse_vkey(text) == key


GOOD = vkey("n", ED25519, LOG.public)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad-vkey"),
        ("n+00000000", "bad-vkey"),
        (GOOD.replace("n+", "m+"), "bad-vkey"),
        (GOOD.replace(note_key("n", ED25519, LOG.public).key_id.hex(), "C39A83E9"), "bad-vkey"),
        (GOOD + "=", "bad-vkey"),
        (GOOD.rstrip("=") + "é", "bad-vkey"),
        ("n+00000000+", "bad-vkey"),
        ("n+00000000+AgAA", "bad-vkey"),
        ("n+00000000+AQAA", "bad-key"),
        ("+" + GOOD.split("+", 1)[1], "bad-vkey"),
    ],
)
def test_bad_vkey_is_refused(text, code):
    with pytest.raises(BadInput) as caught:
        parse_vkey(text)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\tb", "a\x01b", "\ud800"])
def test_name_that_would_break_a_line_is_refused(name):
    with pytest.raises(BadInput) as caught:
        note_key(name, ED25519, LOG.public)
    assert caught.value.code == "bad-vkey"
    with pytest.raises(BadInput) as caught:
        checkpoint_body(name, 1, ROOT)
    assert caught.value.code == "bad-note"


@pytest.mark.parametrize(("size", "root"), [(-1, ROOT), (2**63, ROOT), (1, ROOT[:31])])
def test_head_that_no_reader_accepts_is_not_signed(size, root):
    with pytest.raises(BadInput) as caught:
        sign_checkpoint(LOG_KEY.name, size, root, LOG)
    assert caught.value.code == "bad-note"


@pytest.mark.parametrize("at", [-1, 2**63])
def test_time_outside_the_format_is_not_cosigned(at):
    with pytest.raises(BadInput) as caught:
        cosign("body", WITNESS_KEY.name, WITNESS, at)
    assert caught.value.code == "bad-note"


HEAD, SIGNATURE = NOTE.split("\n\n")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        HEAD,
        HEAD + "\n\n",
        HEAD + "\n\n— name\n",
        HEAD + "\n\n— name AAAA\n",
        HEAD + "\n\n— na+me AAAAAAAAAAAA\n",
        HEAD + "\n\n name AAAAAAAAAAAA\n",
        HEAD + "\n\n\n" + SIGNATURE,
        "\n" + NOTE,
        "\n7\n" + HEAD.split("\n")[2] + "\n\n" + SIGNATURE,
        NOTE.replace("\n7\n", "\n-7\n"),
        NOTE.replace("\n7\n", "\n٧\n"),
        NOTE.replace(HEAD.split("\n")[2], "AAAA"),
        NOTE.replace("evac", "e\0vac"),
        NOTE.replace("evac", "e\ud800vac"),
        "x" * (1 << 16) + NOTE,
    ],
)
def test_malformed_note_is_refused(note):
    for function in (parse_checkpoint, lambda n: verify_note(n, LOG_KEY), lambda n: verify_cosignature(n, WITNESS_KEY)):
        with pytest.raises(BadInput) as caught:
            function(note)
        assert caught.value.code == "bad-note"


@given(st.text(max_size=80), st.integers(0, len(NOTE + LINE)), st.integers(0, 12))
def test_note_with_anything_in_its_midst_is_refused_or_unverified(noise, at, cut):
    whole = NOTE + LINE
    note = whole[:at] + noise + whole[at + cut :]
    head, code = attempt(parse_checkpoint, note)
    if code:
        assert code == "bad-note"
        return
    if verify_note(head, LOG_KEY):
        assert head.body == parse_checkpoint(NOTE).body
    if verify_cosignature(head, WITNESS_KEY) is not None:
        assert (head.body, verify_cosignature(head, WITNESS_KEY)) == (parse_checkpoint(NOTE).body, 1_629_936_000)


@given(st.binary(max_size=60))
def test_bytes_are_lines_or_bad_input(data):
    text, code = attempt(decode_lines, data, code="bad-note", where="fuzz", limit=50)
    assert code == "bad-note" if code else text.encode() == data
