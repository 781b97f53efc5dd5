"""A security key made of software: it answers as a browser with a key of its owner's would."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class SoftKey:
    """One passkey; ``origin``: what the browser says where it is; ``verifies``: whether it asks its owner."""

    origin: str = "http://localhost"
    site: str = "localhost"
    verifies: bool = True
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    owner: str = ""

    def _flags(self, more: int = 0) -> bytes:
        return bytes([PRESENT | (VERIFIED if self.verifies else 0) | more])

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def make(self, options: dict[str, Any]) -> str:
        """Answer the question for a new passkey."""
        told = options["publicKey"]
        self.owner = told["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        data = hashlib.sha256(self.site.encode()).digest() + self._flags(ATTESTED) + bytes(4)
        data += bytes(16) + len(self.number).to_bytes(2, "big") + self.number + public
        sent = {
            "clientDataJSON": text(self._client("webauthn.create", told["challenge"])),
            "attestationObject": text(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._whole(sent)

    def prove(self, options: dict[str, Any], owner: str = "") -> str:
        """Answer the question to prove it."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = hashlib.sha256(self.site.encode()).digest() + self._flags() + bytes(4)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._whole(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(data),
                "signature": text(signature),
                "userHandle": owner or self.owner,
            }
        )

    def _whole(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {
                "id": text(self.number),
                "rawId": text(self.number),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )
