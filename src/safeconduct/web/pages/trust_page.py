"""The page that helps a phone to trust the node, the Apple profile, and the room's screen beside them."""

import plistlib
import uuid
from hashlib import sha256

import segno

from safeconduct.storage.tls_files import TlsRoot
from safeconduct.web.pages.render import Page, _page, _render
from safeconduct.web.pages.trust_words import LANGUAGES

FILES = {"certificate": "/trust/root.crt", "profile": "/trust/root.mobileconfig"}


def render_trust(party_name: str, language: str, scanner: str) -> str:
    """Return the page for phones, served at `/trust` with and without TLS.

    It does not show the number to compare: whoever could change the certificate on its way could change that too.

    Args:
        party_name: whose node this is.
        language: a tag of `trust_words.LANGUAGES`.
        scanner: address of the scanner, over TLS.
    """
    name, direction, words = LANGUAGES[language]
    return _render("trust.html", party=party_name, lang=language, own_name=name, dir=direction, t=words,
                   languages=LANGUAGES, files=FILES, scanner=scanner)  # fmt: skip


def render_trust_room(root: TlsRoot | None, address: str, page: Page) -> str:
    """Return the room's screen: where phones go, and the number to compare; None: this node has no TLS root."""
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
    return _page("trust_room.html", page, root=root, address=address, picture=picture)


def profile(root: TlsRoot, party: str, party_name: str) -> bytes:
    """Return an Apple configuration profile that holds the certificate; the same certificate gives the same bytes."""
    digest = sha256(root.der).hexdigest()

    def fixed(what: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{digest} {what}")).upper()

    payload = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"safeconduct.{party}.tls.root",
        "PayloadUUID": fixed("root"),
        "PayloadDisplayName": f"safeconduct {party_name}",
        "PayloadContent": root.der,
    }
    whole = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"safeconduct.{party}.tls",
        "PayloadUUID": fixed("profile"),
        "PayloadDisplayName": f"safeconduct {party_name}",
        "PayloadDescription": f"Lets this phone trust the node of {party_name}, and nothing else.",
        "PayloadContent": [payload],
    }
    return plistlib.dumps(whole, sort_keys=True)
