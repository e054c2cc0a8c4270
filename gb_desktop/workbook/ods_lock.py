"""Opens OpenDocument spreadsheets that are locked with a password.

Source: OpenDocument 1.3 part 2, chapter 4 (each part locked by itself: PBKDF2, and AES in CBC mode or, of documents up
to version 1.1, Blowfish in CFB mode), and LibreOffice 24.8 (the whole document in one part: Argon2id and AES in GCM
mode). Other kinds of locks are named and not opened.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gb_desktop.text import tr
from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import WorkbookError
from gb_desktop.workbook.package import LARGE_PART, MOST_IN_ALL, MOST_RATIO, PIECE, Package
from gb_desktop.workbook.xml_events import local, parse

MANIFEST = "META-INF/manifest.xml"
WHOLE = "encrypted-package"
_NEEDED = ("content.xml", "styles.xml", "meta.xml")
_CHECKED = 1024  # bytes that the checksum of the right password covers
_MOST_WHOLE = 512 << 20  # bytes of a document that is locked as one part: it is opened in memory
_MOST_ROUNDS = 10_000_000
_MOST_ARGON = 1 << 20  # kilobytes of memory that a key may ask for


class _WrongError(Exception):
    """The password is not the one."""


class _UnknownError(Exception):
    """Locked by a method that we don't know."""


@dataclass
class _Lock:
    """How a part is locked: the attributes of the manifest, by element and name."""

    size: int = 0
    facts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.facts.get(name, "")

    def bytes(self, name: str) -> bytes:
        return base64.b64decode(self.text(name))

    def number(self, name: str, most: int) -> int:
        text = self.text(name)
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise _UnknownError
        return int(text)


def unlocked(package: Package, password: str | None) -> io.BytesIO | None:
    """The document opened with its password, None when it isn't locked.

    WorkbookError with reason protected or password when it can't be opened, bomb when it would unpack to too much.
    """
    locks = _locks(package)
    if not locks:
        return None
    if not password:
        sentence = tr("{name} is locked with a password: type the password to open it.", name=package.name)
        raise WorkbookError(sentence, "protected")
    try:
        if WHOLE in locks:
            return io.BytesIO(_whole(package, locks[WHOLE], password))
        return _parts(package, locks, password)
    except _WrongError as error:
        sentence = tr("This password doesn't open {name}: type it again.", name=package.name)
        raise WorkbookError(sentence, "password") from error
    except _UnknownError as error:
        sentence = tr(
            "{name} is locked in a way that can't be opened here: save it without a password in LibreOffice.",
            name=package.name,
        )
        raise WorkbookError(sentence, "protected") from error
    except (zlib.error, ValueError, OverflowError) as error:
        raise damaged(package.name) from error


def _locks(package: Package) -> dict[str, _Lock]:
    """The locked parts by name."""
    locks: dict[str, _Lock] = {}
    part, size = "", ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal part, size
        if tag == "file-entry":
            part, size = local(attributes, "full-path"), local(attributes, "size")
        elif tag == "encryption-data":
            locks[part] = _Lock(int(size) if size.isdecimal() and len(size) < 16 else 0)
        if part in locks:
            locks[part].facts.update({f"{tag} {key.rpartition(':')[2]}": value for key, value in attributes.items()})

    if MANIFEST in package:
        parse(package.pieces(MANIFEST), package.name, start)
    return locks


def _parts(package: Package, locks: dict[str, _Lock], password: str) -> io.BytesIO:
    """The parts that reading needs, unlocked into a document of their own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened:
        opened.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        opened.writestr(MANIFEST, "<manifest/>")
        for part in _NEEDED:
            if part not in package:
                continue
            with opened.open(part, "w", force_zip64=True) as target:
                plain = _plain(package, part, locks[part], password) if part in locks else package.pieces(part)
                for piece in plain:
                    target.write(piece)
    file.seek(0)
    return file


def _plain(package: Package, part: str, lock: _Lock, password: str) -> Iterator[bytes]:
    """A part's bytes, unlocked and inflated; never more than the manifest says, nor than an honest part holds."""
    if lock.size > MOST_IN_ALL or lock.size > max(LARGE_PART, MOST_RATIO * package.size(part)):
        raise package.bomb()
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left = lock.size
    for piece in _decrypted(package, part, lock, password):
        waiting = piece
        while waiting and not inflate.eof:
            plain = inflate.decompress(waiting, PIECE)
            waiting = inflate.unconsumed_tail
            left -= len(plain)
            if left < 0:
                raise package.bomb()
            yield plain
    if left or not inflate.eof:
        raise damaged(package.name)


def _decrypted(package: Package, part: str, lock: _Lock, password: str) -> Iterator[bytes]:
    cipher, pads = _cipher(lock, password)
    pieces = package.pieces(part)
    start = b""
    for piece in pieces:
        start += cipher.update(piece)
        if len(start) >= _CHECKED + 16:  # else it may end in padding, which no checksum covers
            break
    _check(lock, start, padded=pads and package.size(part) <= len(start))
    yield start
    for piece in pieces:
        yield cipher.update(piece)


def _cipher(lock: _Lock, password: str) -> tuple[CipherContext, bool]:
    """What unlocks a part, and whether it ends in padding."""
    name, vector = lock.text("algorithm algorithm-name"), lock.bytes("algorithm initialisation-vector")
    if name.endswith("#aes256-cbc"):
        return Cipher(AES(_key(lock, password, 32)), modes.CBC(vector)).decryptor(), True
    if name.lower() in ("blowfish cfb", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#blowfish"):
        return Cipher(Blowfish(_key(lock, password, 16)), CFB(vector)).decryptor(), False
    raise _UnknownError


def _check(lock: _Lock, start: bytes, *, padded: bool) -> None:
    """Refuse a password whose checksum differs."""
    kind = lock.text("encryption-data checksum-type").lower()
    hashed = hashlib.sha256 if "sha256" in kind else hashlib.sha1
    unpadded = start[: -start[-1]] if padded and start and start[-1] <= 16 else start
    covered = unpadded[:_CHECKED] if kind.endswith("1k") else unpadded
    if hashed(covered).digest() != lock.bytes("encryption-data checksum"):
        raise _WrongError


def _whole(package: Package, lock: _Lock, password: str) -> bytes:
    """The document that is locked as one part; the part begins with its initialisation vector and ends with its tag."""
    if not lock.text("algorithm algorithm-name").endswith("#aes256-gcm"):
        raise _UnknownError
    if package.size(WHOLE) > _MOST_WHOLE:
        raise package.bomb()
    locked = b"".join(package.pieces(WHOLE))
    vector = lock.bytes("algorithm initialisation-vector")
    body = locked[len(vector) :] if locked.startswith(vector) else locked
    try:
        return AESGCM(_key(lock, password, 32)).decrypt(vector, body, None)
    except InvalidTag as error:
        raise _WrongError from error


def _key(lock: _Lock, password: str, size: int) -> bytes:
    """The key of so many bytes. Documents up to version 1.1 don't say that it has 16."""
    if lock.text("key-derivation key-size") not in (str(size), "" if size == 16 else str(size)):
        raise _UnknownError
    kind = lock.text("start-key-generation start-key-generation-name").lower()
    hashed: Callable[[bytes], hashlib._Hash] = hashlib.sha256 if kind.endswith("#sha256") else hashlib.sha1
    start, salt = hashed(password.encode()).digest(), lock.bytes("key-derivation salt")
    method = lock.text("key-derivation key-derivation-name").lower()
    if method.endswith("argon2id"):
        return Argon2id(
            salt=salt,
            length=size,
            iterations=lock.number("key-derivation argon2-iterations", 100),
            lanes=lock.number("key-derivation argon2-lanes", 64),
            memory_cost=lock.number("key-derivation argon2-memory", _MOST_ARGON),
        ).derive(start)
    if method.rpartition("#")[2] != "pbkdf2":
        raise _UnknownError
    rounds = lock.number("key-derivation iteration-count", _MOST_ROUNDS)
    return hashlib.pbkdf2_hmac("sha1", start, salt, rounds, size)
