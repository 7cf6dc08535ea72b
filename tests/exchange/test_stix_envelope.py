"""An envelope as a STIX object: it comes back as it was, and tells nothing around it."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from safeconduct.alerts.stix import author
from safeconduct.errors import BadInput
from safeconduct.exchange.courier import read_statuses
from safeconduct.exchange.taxii_client import _fates, _page, _wire
from safeconduct.seal.canonical import encode_cbor
from safeconduct.workflows.stix_envelope import LIMIT, carrier, extension, wire_of

UUID = "5b3c8f2e-6d0a-4f6e-9d8a-0a1b2c3d4e5f"
INTEROP = Path(__file__).parents[2] / ".venv-interop" / "bin" / "python"


def test_what_is_carried_comes_back_and_the_object_tells_no_time_finer_than_the_slot():
    one, other = (carrier(b"wire", uuid=UUID, now=now) for now in (1_629_680_000, 1_629_680_399))
    assert one == other
    assert wire_of(json.dumps(one).encode()) == b"wire"
    assert one["created"] == one["modified"] and one["created"].endswith(
        ":00:00.000Z" if one["created"][14:16] == "00" else ":00.000Z"
    )
    assert set(one) == {"type", "spec_version", "id", "created", "modified", "extensions", "wire"}


@pytest.mark.parametrize("other", [{"type": "note"}, [], 5, {}])
def test_other_objects_carry_nothing(other):
    assert wire_of(json.dumps(other).encode()) is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"x_note": 1}, "object"), ({"created_by_ref": "identity--" + UUID}, "object"), ({"extensions": {}}, "object.extensions"),
        ({"wire": 5}, "object.wire"), ({"wire": "%%%"}, "object.wire"), ({"wire": "YQ"}, "object.wire"),
        ({"wire": "A" * (LIMIT * 4 // 3 + 8)}, "object.wire"),
    ],
)  # fmt: skip
def test_a_carrier_with_anything_else_in_it_is_refused_by_its_field(change, where):
    with pytest.raises(BadInput) as caught:
        wire_of(json.dumps(carrier(b"w", uuid=UUID, now=0) | change).encode())
    assert (caught.value.code, caught.value.where) == ("bad-object", where)
    assert _wire(carrier(b"w", uuid=UUID, now=0) | change) is None  # one bad object does not keep the others


def test_no_json_is_no_object():
    with pytest.raises(BadInput):
        wire_of(b"{")


def test_the_fate_of_each_posted_object_is_read():
    status = {"successes": [{"id": "a"}], "failures": [{"id": "b", "message": "saw 'out-of-scope'"}]}
    assert _fates(json.dumps(status).encode(), ["a", "b"]) == [["taken", "", -1], ["refused", "saw 'out-of-scope'", -1]]
    for bad in (b"", b"[]", b"{}", b'{"successes": 5}', b'{"successes": [{"id": "a"}]}'):
        with pytest.raises(BadInput):
            _fates(bad, ["a", "b"])


def test_a_page_is_read_with_its_next_one():
    assert _page(b'{"more": true, "next": "7", "objects": [1]}') == ([1], "7")
    assert _page(b"{}") == ([], "")
    for bad in (b"", b"[]", b'{"objects": 5}'):
        with pytest.raises(BadInput):
            _page(bad)


def test_an_answer_that_fits_no_request_is_none():
    assert read_statuses(encode_cbor([["taken", "", 3, ""]]), 1) == [["taken", "", 3, ""]]
    for bad in ([], [["taken"]], [[1, 2, 3]], {}, [["taken", "", 1]] * 2):
        with pytest.raises(BadInput):
            read_statuses(encode_cbor(bad), 1)


@pytest.mark.skipif(not INTEROP.exists(), reason="no .venv-interop: tools/setup.sh interop makes it")
def test_the_validator_of_the_standard_passes_every_object(tmp_path):
    objects = [author(), extension(), carrier(base64.b64decode("AAECAw=="), uuid=UUID, now=1_629_680_000)]
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps({"type": "bundle", "id": f"bundle--{UUID}", "objects": objects}))
    validator = INTEROP.with_name("stix2_validator")
    done = subprocess.run([str(validator), "--version", "2.1", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
