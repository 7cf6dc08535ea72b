"""The header by which a device proves itself: each scheme in its one form, anything else is one clear error."""

import pytest

from safeconduct.errors import BadInput
from safeconduct.web.api.device_proof import device_proof

SIGNATURE, MAC = "ab" * 64, "cd" * 32


def test_each_scheme_is_read_in_its_form():
    assert device_proof(f"Device 12 {SIGNATURE}", "Device") == ("", 12, bytes.fromhex(SIGNATURE))
    assert device_proof(f"Check phone 12 {SIGNATURE}", "Check", "Session") == ("phone", 12, bytes.fromhex(SIGNATURE))
    assert device_proof(f"Session phone 12 {MAC}", "Check", "Session") == ("phone", 12, bytes.fromhex(MAC))


@pytest.mark.parametrize(
    "header",
    [
        "", "Check", f"Device 12 {SIGNATURE}", f"Check 12 {SIGNATURE}", f"Check phone 12 {MAC}", f"Check phone x {SIGNATURE}",
        f"Session phone 12 {SIGNATURE}", f"Check phone \u00b2 {SIGNATURE}", f"Check phone \u0662 {SIGNATURE}",
        f"Check phone {'9' * 16} {SIGNATURE}", f"Check phone 12 {SIGNATURE} more", f"Check phone 12 {'zz' * 64}",
        f"Bearer phone 12 {SIGNATURE}",
    ],
)  # fmt: skip
def test_anything_else_is_one_error(header):
    with pytest.raises(BadInput) as refused:
        device_proof(header, "Check", "Session")
    assert (refused.value.code, refused.value.where) == ("bad-request", "Authorization")
