"""Small real files of every kind that is taken, and of those that are not."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook

PDF = b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00" + bytes(60)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def pdf(text: str = "") -> bytes:
    """A PDF that differs by `text`."""
    return PDF + f"% {text}\n".encode()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    )


def archive(**parts: str) -> bytes:
    """A zip of parts by name; two underscores stand for a slash."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def _office(main: str, **parts: str) -> bytes:
    types = f'<Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return archive(**{"[Content_Types].xml": types, "_rels__.rels": "<Relationships/>", **parts})


def docx() -> bytes:
    return _office(_WORD, word__document="<w:document/>")


def pptx() -> bytes:
    return _office(_SLIDES)


def docm() -> bytes:
    return _office(_MACROS, **{"word__vbaProject.bin": "macros"})


def docm_under_another_name() -> bytes:
    """A document whose list of types says nothing of the macros that it has."""
    return _office(_WORD, **{"word__vbaProject.bin": "macros"})


@cache  # its parts are dated to two seconds
def xlsx() -> bytes:
    made = BytesIO()
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "ร้อยละการเบิกจ่าย"
    book.save(made)
    return made.getvalue()


def opendocument(kind: str = "text", **parts: str) -> bytes:
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": "<office/>", **parts})


def compound(*streams: str) -> bytes:
    """An old office file of [MS-CFB] with one directory sector: root and streams, 128 bytes each."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    return header.ljust(512, b"\0") + b"".join(_entry(name) for name in ("Root Entry", *streams))


def _entry(name: str) -> bytes:
    written = f"{name}\0".encode("utf-16-le")
    return (written.ljust(64, b"\0") + struct.pack("<H", len(written))).ljust(128, b"\0")
