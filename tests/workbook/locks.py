"""Locks workbooks with a password, in every way that the formats know."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from gb_desktop.workbook.compound import wrapped
from gb_desktop.workbook.ole import workbook_stream

BOF, BOUND_SHEET, FILE_PASS = 0x809, 0x85, 0x2F
PLAIN = {BOF, FILE_PASS, 0xE1, 0x193, 0x195, 0x196}
SALT, VERIFIER = bytes(range(16)), bytes(range(100, 116))

Cipher = Callable[
    [list[int | None], bytes], bytes
]  # (where to put what is locked: None; the stream), the locked stream


def lock_package(plain: Path, path: Path, password: str) -> Path:
    """An xlsx, xlsm or xlsb as Excel locks it."""
    with plain.open("rb") as read_from, path.open("wb") as write_to:
        OOXMLFile(read_from).encrypt(password, write_to)
    return path


def lock_package_of_2007(plain: Path, path: Path, password: str) -> Path:
    """An xlsx as Excel 2007 locks it (ECMA-376 Standard Encryption: AES-128, SHA-1)."""
    provider = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + provider
    aes = BlockCipher(AES(ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 0x18, 128, 16, SALT)), ECB())  # noqa: S305

    def locked(content: bytes) -> bytes:
        return aes.encryptor().update(content + bytes(-len(content) % 16))

    digest = hashlib.sha1(VERIFIER, usedforsecurity=False).digest()
    info = struct.pack("<HHII", 4, 2, 0x24, len(header)) + header
    info += struct.pack("<I", 16) + SALT + locked(VERIFIER) + struct.pack("<I", 20) + locked(digest)
    content = plain.read_bytes()
    with path.open("wb") as write_to:
        ECMA376Encrypted(struct.pack("<Q", len(content)) + locked(content), info).write_to(write_to)
    return path


def lock_xls_by_xor(plain: Path, path: Path, password: str) -> Path:
    """As Excel 95 and its contemporaries lock."""
    key, verifier = DocumentXOR.create_xor_key_method1(password), _xor_verifier(password)
    return _locked_xls(plain, path, struct.pack("<HHH", 0, key, verifier), lambda *given: _by_xor(password, *given))


def lock_xls_by_rc4(plain: Path, path: Path, password: str, bits: int = 128) -> Path:
    """As Excel 2002 to 2019 lock an xls (RC4 CryptoAPI)."""
    provider = "Microsoft Strong Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + provider
    checks = DocumentRC4CryptoAPI.decrypt(
        password,
        SALT,
        bits,
        io.BytesIO(VERIFIER + hashlib.sha1(VERIFIER, usedforsecurity=False).digest()),
        blocksize=1024,
    ).read()
    info = struct.pack("<HHHII", 1, 4, 2, 4, len(header)) + header
    info += struct.pack("<I", 16) + SALT + checks[:16] + struct.pack("<I", 20) + checks[16:]

    def by_rc4(places: list[int | None], stream: bytes) -> bytes:
        locked = DocumentRC4CryptoAPI.decrypt(password, SALT, bits, io.BytesIO(stream), blocksize=1024).read()
        return bytes(code if plain is None else plain for plain, code in zip(places, locked, strict=True))

    return _locked_xls(plain, path, info, by_rc4)


def _locked_xls(plain: Path, path: Path, info: bytes, cipher: Cipher) -> Path:
    stream = b""
    for kind, data in _records(workbook_stream(plain, plain.name)):
        if kind == BOUND_SHEET:
            data = struct.pack("<I", struct.unpack_from("<I", data)[0] + 4 + len(info)) + data[4:]
        stream += struct.pack("<HH", kind, len(data)) + data
        if kind == BOF and len(stream) == 4 + len(data):
            stream += struct.pack("<HH", FILE_PASS, len(info)) + info
    filler = (-len(stream) - 4) % 4096  # the container would fill up with less than a record
    stream += struct.pack("<HH", 0x5A5A, filler) + bytes(filler)
    places: list[int | None] = []
    for kind, data in _records(stream):
        places += struct.pack("<HH", kind, len(data))
        shown = len(data) if kind in PLAIN else 4 if kind == BOUND_SHEET else 0
        places += [*data[:shown], *[None] * (len(data) - shown)]
    locked = cipher(places, stream)
    path.write_bytes(wrapped(locked).getvalue())
    return path


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if not kind and not size:  # what the container is filled up with
            return
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _by_xor(password: str, places: list[int | None], stream: bytes) -> bytes:
    keys = DocumentXOR.create_xor_array_method1(password)
    locked = bytearray(stream)
    place = 0
    while place < len(places):
        end = place
        while end < len(places) and places[end] is None:
            end += 1
        sheet = end > place and places[place - 4 : place] != [None] * 4 and _is_bound_sheet(stream, place)
        start = end + 4 if sheet else end
        for at in range(place, end):
            locked[at] = DocumentXOR.rol(stream[at], 5, 8) ^ keys[(start + at - place) % 16]
        place = end + 1
    return bytes(locked)


def _is_bound_sheet(stream: bytes, place: int) -> bool:
    """True inside the record that names a sheet, behind its four plain bytes."""
    return stream[place - 8 : place - 6] == struct.pack("<H", BOUND_SHEET)


def _xor_verifier(password: str) -> int:
    verifier = 0
    for code in [*reversed(password.encode()), len(password)]:
        verifier = (verifier >> 14 & 1 | verifier << 1 & 0x7FFF) ^ code
    return verifier ^ 0xCE4B


def lock_ods_whole(plain: Path, path: Path, password: str) -> Path:
    """As LibreOffice 24.8 and later lock: the document in one part, Argon2id and AES-GCM."""
    vector = bytes(range(12))
    start = hashlib.sha256(password.encode()).digest()
    key = Argon2id(salt=SALT, length=32, iterations=3, lanes=4, memory_cost=1024).derive(start)
    locked = vector + AESGCM(key).encrypt(vector, plain.read_bytes(), None)
    text = base64.b64encode
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0">'
        f'<manifest:file-entry manifest:full-path="encrypted-package" manifest:size="{plain.stat().st_size}">'
        "<manifest:encryption-data><manifest:algorithm "
        'manifest:algorithm-name="http://www.w3.org/2009/xmlenc11#aes256-gcm" '
        f'manifest:initialisation-vector="{text(vector).decode()}"/><manifest:start-key-generation '
        'manifest:start-key-generation-name="http://www.w3.org/2001/04/xmlenc#sha256" manifest:key-size="32"/>'
        "<manifest:key-derivation manifest:key-derivation-name="
        '"urn:org:documentfoundation:names:experimental:office:manifest:argon2id" manifest:key-size="32" '
        f'loext:argon2-iterations="3" loext:argon2-memory="1024" loext:argon2-lanes="4" '
        f'manifest:salt="{text(SALT).decode()}"/></manifest:encryption-data></manifest:file-entry></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("encrypted-package", locked)
    return path
