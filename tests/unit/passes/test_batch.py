"""Batch entries and status certificates."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import batch
from safeconduct.seal import canonical, signed
from unit.passes.passes_world import CERTIFICATE, DAY, ENTRY, IDENTITY, OTHER, ROOT, START


def test_an_entry_comes_back_and_its_identity_is_its_hash():
    data = batch.encode_batch(ENTRY)
    assert batch.decode_batch(data) == ENTRY
    assert batch.identity(ENTRY) == batch.identity_of(data) == IDENTITY


def test_any_change_is_another_batch():
    for change in (
        {"capacity": 1_001},
        {"points": ("cordon-1", "gate-north")},
        {"pepper": bytes(16)},
        {"classes": (0,)},
    ):
        assert batch.identity(replace(ENTRY, **change)) != IDENTITY


@pytest.mark.parametrize(
    "change",
    [
        {"agreement_id": ""},
        {"public_key": bytes(31)},
        {"classes": ()},
        {"classes": (1, 0)},
        {"classes": (0, 0)},
        {"classes": (16,)},
        {"points": ()},
        {"points": ("a", "a")},
        {"points": tuple(f"p{n}" for n in range(17))},
        {"points": ("line\nbreak",)},
        {"not_after": START},
        {"not_before": -1},
        {"capacity": 0},
        {"capacity": (1 << 24) + 1},
        {"capacity": True},
        {"preset": "exercise"},
        {"word_list": "none"},
        {"pepper": bytes(15)},
    ],
)
def test_an_entry_that_does_not_fit_is_refused(change):
    with pytest.raises(BadInput) as refused:
        batch.encode_batch(replace(ENTRY, **change))
    assert refused.value.code == "bad-batch"


def test_an_entry_with_a_field_too_many_or_no_map_is_refused():
    fields = canonical.decode_cbor(batch.encode_batch(ENTRY), where="test")
    for spoilt in ({**fields, "name": "x"}, {k: v for k, v in fields.items() if k != "key"}, [1], {**fields, "v": 2}):
        with pytest.raises(BadInput) as refused:
            batch.decode_batch(canonical.encode_cbor(spoilt))
        assert refused.value.code == "bad-batch"


def test_only_the_root_opens_a_batch():
    sealed = batch.sign_batch(ENTRY, ROOT)
    assert batch.open_batch(sealed, ROOT.verify_key) == ENTRY
    assert batch.open_batch(sealed, OTHER.verify_key) == Refusal("bad-signature", "batch entry")
    changed = replace(sealed, entry_bytes=batch.encode_batch(replace(ENTRY, capacity=9)))
    assert batch.open_batch(changed, ROOT.verify_key) == Refusal("bad-signature", "batch entry")


def test_a_status_certificate_lasts_at_most_seven_days():
    batch.encode_certificate(CERTIFICATE)
    for not_after in (START + 7 * DAY + 1, START, START - 1):
        with pytest.raises(BadInput) as refused:
            batch.encode_certificate(replace(CERTIFICATE, not_after=not_after))
        assert refused.value.code == "bad-certificate"


def test_only_the_root_certifies_a_status_key():
    sealed = batch.sign_certificate(CERTIFICATE, ROOT)
    assert batch.open_certificate(sealed, ROOT.verify_key) == CERTIFICATE
    refused = batch.open_certificate(sealed, OTHER.verify_key)
    assert isinstance(refused, Refusal)
    assert refused.code == "bad-status-key"


def test_a_batch_signature_does_not_pass_for_a_certificate():
    data = batch.encode_certificate(CERTIFICATE)
    crossed = batch.SignedCertificate(data, signed.sign(batch.BATCH_DOMAIN, data, ROOT))
    assert isinstance(batch.open_certificate(crossed, ROOT.verify_key), Refusal)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_bad_input(data):
    for read in (batch.decode_batch, batch.decode_certificate):
        with pytest.raises(BadInput):
            read(data)
