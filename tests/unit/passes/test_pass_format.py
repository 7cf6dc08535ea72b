"""The 96 bytes of a pass."""

from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from safeconduct.errors import BadInput
from safeconduct.passes import pass_format as form
from unit.passes.passes_world import FIELDS, START, a_pass, outcome

FIELD_VALUES = st.builds(
    form.PassFields,
    pass_class=st.integers(0, 15),
    key_id=st.binary(min_size=4, max_size=4),
    index=st.integers(0, 0xFFFFFF),
    not_before=st.integers(0, 0xFFFFFF).map(lambda quarters: form.EPOCH + quarters * form.QUARTER),
    length=st.integers(1, 255),
    points=st.integers(1, 0xFFFF),
    heads=st.integers(1, 255),
    binding_kind=st.integers(1, 3),
    binding=st.binary(min_size=16, max_size=16),
)


@given(FIELD_VALUES)
def test_every_pass_comes_back_from_its_bytes(fields):
    payload = form.encode_payload(fields)
    assert len(payload) == 32
    assert form.decode_payload(payload) == fields


@given(FIELD_VALUES)
def test_what_a_pass_claims_is_read_without_proof(fields):
    assert form.claimed(form.encode_payload(fields) + bytes(64)) == (fields.key_id, fields.index)


@given(st.binary(min_size=30, max_size=34) | st.binary(min_size=31, max_size=31).map(lambda tail: b"\x10" + tail))
def test_any_payload_is_refused_or_is_the_only_encoding_of_its_fields(payload):
    fields = outcome(form.decode_payload, payload)
    assert fields == "bad-pass" or form.encode_payload(fields) == payload


@pytest.mark.seed("S-11")
def test_a_pass_names_its_gate_and_window_and_no_person():
    payload = form.encode_payload(replace(FIELDS, points=0b10, heads=6))
    fields = form.decode_payload(payload)
    assert (fields.points, fields.not_before, form.window_end(fields)) == (
        2,
        FIELDS.not_before,
        FIELDS.not_before + 4 * 3_600,
    )
    named = {"pass_class", "key_id", "index", "not_before", "length", "points", "heads", "binding_kind", "binding"}
    assert set(form.PassFields.__slots__) == named


@pytest.mark.parametrize(
    "change",
    [
        {"pass_class": 16},
        {"pass_class": -1},
        {"key_id": b"abc"},
        {"index": 1 << 24},
        {"not_before": START + 1},
        {"not_before": form.EPOCH - form.QUARTER},
        {"not_before": form.EPOCH + (form.QUARTER << 24)},
        {"length": 0},
        {"length": 256},
        {"points": 0},
        {"points": 1 << 16},
        {"heads": 0},
        {"heads": 256},
        {"binding_kind": 4},
        {"binding": b"x" * 16},
        {"binding": b"", "binding_kind": 1},
    ],
)
def test_a_field_that_does_not_fit_is_refused_by_name(change):
    names = {"pass_class": "class", "key_id": "key id", "points": "control points"}
    name = names.get(next(iter(change)), next(iter(change)).split("_")[0])
    with pytest.raises(BadInput) as refused:
        form.encode_payload(replace(FIELDS, **change))
    assert refused.value.code == "bad-pass"
    assert refused.value.where.startswith("pass: ")
    assert name in refused.value.where


@pytest.mark.parametrize(
    ("offset", "value"), [(0, 0x00), (0, 0x20), (11, 0), (14, 0), (15, 4), (15, 255), (16, 1), (31, 1)]
)
def test_a_payload_with_one_wrong_byte_is_refused(offset, value):
    payload = bytearray(form.encode_payload(FIELDS))
    payload[offset] = value
    with pytest.raises(BadInput):
        form.decode_payload(bytes(payload))


def test_an_empty_mask_of_points_is_refused():
    payload = form.encode_payload(FIELDS)
    with pytest.raises(BadInput):
        form.decode_payload(payload[:12] + b"\0\0" + payload[14:])


@given(st.integers(1, form.LONGEST))
def test_length_code_is_the_smallest_that_covers(seconds):
    code = form.length_code(seconds)
    assert form.LENGTH_SECONDS[code - 1] < seconds <= form.LENGTH_SECONDS[code]


@pytest.mark.parametrize("seconds", [0, -1, form.LONGEST + 1])
def test_a_length_without_code_is_refused(seconds):
    with pytest.raises(BadInput):
        form.length_code(seconds)


@pytest.mark.parametrize(("code", "seconds"), [(1, 900), (96, 86_400), (97, 90_000), (255, 183 * 3_600)])
def test_length_codes_stand_for_quarters_and_then_for_hours(code, seconds):
    assert form.LENGTH_SECONDS[code] == seconds


def test_text_is_148_characters_and_comes_back():
    raw = a_pass()
    text = form.to_text(raw)
    assert len(text) == form.TEXT_LENGTH
    assert form.from_text(text) == raw
    with pytest.raises(BadInput):
        form.to_text(raw[:-1])


@pytest.mark.parametrize(
    "spoil",
    [
        str.lower,
        lambda t: t + " ",
        lambda t: " " + t[:-1],
        lambda t: "SC2:" + t[4:],
        lambda t: t[:-1],
        lambda t: t[4:],
        lambda t: "",
    ],
)
def test_text_that_is_not_exactly_a_pass_is_refused(spoil):
    text = form.to_text(a_pass())
    with pytest.raises(BadInput) as refused:
        form.from_text(spoil(text))
    assert refused.value.code == "bad-text"


@given(st.text(max_size=160))
def test_any_text_is_refused_or_is_the_only_text_of_its_bytes(text):
    for given_text in (text, "SC1:" + text.ljust(144)[:144]):
        raw = outcome(form.from_text, given_text)
        assert raw == "bad-text" or form.to_text(raw) == given_text


def test_the_code_is_version_6_m_and_reads_back(tmp_path):
    text = form.to_text(a_pass())
    code = form.qr(text)
    assert (code.version, code.error, code.mode) == (6, "M", "alphanumeric")
    code.save(tmp_path / "pass.png", scale=4)
    with Image.open(tmp_path / "pass.png") as image:
        assert [found.text for found in zxingcpp.read_barcodes(image.convert("L"))] == [text]
