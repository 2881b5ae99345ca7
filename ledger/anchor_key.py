"""The key that signs anchors: an Ed25519 key in a file outside of the database, readable by its owner only."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ledger.errors import (
    AnchorKeyIsExposed,
    AnchorKeyIsMissing,
    AnchorKeyIsNotReadable,
    AnchorKeyIsUnusable,
    AnchorKeyStands,
)

OTHERS_MAY = 0o077


class AnchorKey:
    """A private key that was read; it leaves this object in no form."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = raw.hex()
        """The public key, 64 hexadecimal digits."""

    def sign(self, statement: bytes) -> str:
        """The signature, 128 hexadecimal digits."""
        return self._private.sign(statement).hex()


def make_key(file: Path) -> AnchorKey:
    """Make a key and keep it in a new file. :raises AnchorKeyStands: the file exists; a key is never overwritten."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AnchorKeyStands(file=file) from None
    with os.fdopen(opened, "wb") as out:
        out.write(pem)
        out.flush()
        os.fsync(out.fileno())
    return AnchorKey(private)


def read_key(file: Path) -> AnchorKey:
    """The key of a file.

    :raises AnchorKeyIsMissing: there is no such file.
    :raises AnchorKeyIsNotReadable: it belongs to another user.
    :raises AnchorKeyIsExposed: others than its owner may read or change it.
    :raises AnchorKeyIsUnusable: it holds no unencrypted Ed25519 key.
    """
    try:
        mode, pem = file.stat().st_mode, file.read_bytes()
    except FileNotFoundError:
        raise AnchorKeyIsMissing(file=file) from None
    except PermissionError:
        raise AnchorKeyIsNotReadable(file=file) from None
    if mode & OTHERS_MAY:
        raise AnchorKeyIsExposed(file=file)
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise AnchorKeyIsUnusable(file=file) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise AnchorKeyIsUnusable(file=file)
    return AnchorKey(private)


def public_keys(file: Path) -> tuple[str, ...]:
    """The public key of a key file, and those of the keys before it that a rotation has put aside beside it.

    :raises AnchorKeyIsMissing, AnchorKeyIsNotReadable, AnchorKeyIsExposed, AnchorKeyIsUnusable:
    """
    return tuple(read_key(each).public for each in (file, *sorted(file.parent.glob(f"{file.stem}.until-*"))))


def is_signed(statement: bytes, *, signature: str, public: str) -> bool:
    """Does the signature fit the statement and the public key?"""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
