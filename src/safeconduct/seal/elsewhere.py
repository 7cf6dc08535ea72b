"""A private key that is not in this program's memory: on a token, or in another room."""

from collections.abc import Callable
from dataclasses import dataclass, field

from safeconduct.errors import BadInput
from safeconduct.seal.keys import SigningKey, VerifyKey


@dataclass(frozen=True, slots=True)
class ElsewhereKey(SigningKey):
    """Signs by asking; what comes back is checked before anybody relies on it.

    `ask` takes the message and returns the signature of 64 bytes, or raises when there is none to be had.
    """

    ask: Callable[[bytes], bytes] = field(repr=False)

    @classmethod
    def of(cls, public: bytes, ask: Callable[[bytes], bytes]) -> "ElsewhereKey":
        """Key whose public half (32 bytes) is known here."""
        return cls(public, b"", ask)

    def sign(self, message: bytes) -> bytes:
        """Signature of 64 bytes.

        Raises:
            BadInput: `bad-key`, when what came back is not this key's signature.
        """
        signature = self.ask(message)
        if not VerifyKey(self.public).verify(signature, message):
            raise BadInput("bad-key", where="key kept elsewhere", expected="a signature of its public key",
                           seen=f"{len(signature)} bytes")  # fmt: skip
        return signature
