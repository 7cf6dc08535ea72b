"""A root key on a PKCS#11 token (a smart card, an HSM, SoftHSM): made there, and never outside it.

Needs the extra `pkcs11` (python-pkcs11, MIT) and a module of the token's maker. Ed25519 by CKM_EDDSA (PKCS#11 3.0).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from safeconduct.errors import NodeUnavailable, SafeconductError
from safeconduct.seal.elsewhere import ElsewhereKey
from safeconduct.seal.keys import KEY_BYTES, SigningKey

ED25519 = "1.3.101.112"  # RFC 8410


@dataclass(frozen=True, slots=True)
class Place:
    """Where the key is: the module's file, the token's label, the key's label."""

    module: str
    token: str
    label: str = "safeconduct-root"


@contextmanager
def root_on_token(place: Place, pin: str, *, make: bool = False) -> Iterator[SigningKey]:
    """Open a session in which the token signs; with `make` it makes the key first.

    Raises:
        NodeUnavailable: `no-pkcs11`: the extra or the module is missing.
        SafeconductError: `token-failed`: no such token or key, a wrong PIN, a key that is there already, or the token
            cannot do Ed25519. The PIN is never shown.
    """
    try:
        import pkcs11  # noqa: PLC0415  (an extra that few need)
    except ImportError:
        raise NodeUnavailable("no-pkcs11", "PKCS#11 is not installed; pip install 'safeconduct[pkcs11]'") from None
    try:
        library = pkcs11.lib(place.module)
    except (RuntimeError, OSError, pkcs11.PKCS11Error):
        raise NodeUnavailable("no-pkcs11", f"{place.module}: no module that can be loaded") from None
    try:
        with library.get_token(token_label=place.token).open(user_pin=pin, rw=make) as session:
            if make:
                _make(pkcs11, session, place.label)
            private = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=place.label)
            public = session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, label=place.label)
            point = bytes(public[pkcs11.Attribute.EC_POINT])[-KEY_BYTES:]  # within an OCTET STRING, or bare
            yield ElsewhereKey.of(point, lambda message: _sign(pkcs11, private, message))
    except pkcs11.PKCS11Error as error:
        raise SafeconductError("token-failed", f"token {place.token}, key {place.label}: {_named(error)}") from None


def _make(pkcs11: Any, session: Any, label: str) -> None:
    if list(session.get_objects({pkcs11.Attribute.LABEL: label})):
        raise SafeconductError("token-failed", f"the token has a key {label} already; give another label")
    ec = pkcs11.util.ec.encode_named_curve_parameters(ED25519)
    curve = session.create_domain_parameters(pkcs11.KeyType.EC_EDWARDS, {pkcs11.Attribute.EC_PARAMS: ec}, local=True)
    curve.generate_keypair(
        mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label,
        private_template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
    )  # fmt: skip


def _sign(pkcs11: Any, private: Any, message: bytes) -> bytes:
    return bytes(private.sign(message, mechanism=pkcs11.Mechanism.EDDSA))


def _named(error: Exception) -> str:
    words = str(error) or type(error).__name__
    return words[:120]
