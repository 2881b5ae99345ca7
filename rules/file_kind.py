"""What a file is, by its content alone: the first bytes, and within office files the names of their parts.

Eleven kinds need no library; those at hand name a kind for hundreds of formats from the first bytes, but say of a
workbook with macros, or of a locked one, only that it is a workbook.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from schemas.attachment import FileKind


class Unfit(StrEnum):
    """Why a file is of none of the kinds that are taken."""

    UNKNOWN = "unknown"
    MACROS = "macros"
    LOCKED = "locked"


_BY_FIRST_BYTES: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
)
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML_MAIN: tuple[tuple[bytes, FileKind], ...] = (
    (b"wordprocessingml.document.main+xml", FileKind.DOCX),
    (b"spreadsheetml.sheet.main+xml", FileKind.XLSX),
    (b"presentationml.presentation.main+xml", FileKind.PPTX),
)
_ODF: dict[bytes, FileKind] = {
    b"application/vnd.oasis.opendocument.text": FileKind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": FileKind.ODS,
}
_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("WordDocument", FileKind.DOC),
    ("Workbook", FileKind.XLS),
    ("Book", FileKind.XLS),
    ("PowerPoint Document", FileKind.PPT),
)
_PART_READ_AT_MOST = 4_000_000
"""Bytes of a part list when unpacked; a real one has some ten thousand."""


def kind_of_file(content: bytes) -> FileKind | Unfit:
    """The kind of a file, or why it is none that is taken. Of an office file only the list of its parts is unpacked."""
    for first, kind in _BY_FIRST_BYTES:
        if content.startswith(first):
            return kind
    if content.startswith(_ZIP):
        return _kind_of_zip(content)
    if content.startswith(_COMPOUND):
        return _kind_of_compound(content)
    return Unfit.UNKNOWN


def _kind_of_zip(content: bytes) -> FileKind | Unfit:
    try:
        with ZipFile(BytesIO(content)) as parts:
            if "[Content_Types].xml" in parts.namelist():
                return _kind_of_ooxml(parts)
            return _kind_of_odf(parts)
    except (BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError):
        return Unfit.UNKNOWN  # zipfile and zlib answer to damaged archives with any of these


def _kind_of_ooxml(parts: ZipFile) -> FileKind | Unfit:
    """ECMA-376 part 2: the content types name the main part, and a part that holds macros."""
    types = _part(parts, "[Content_Types].xml")
    if b"macroEnabled" in types or b"vbaProject" in types or _has_part(parts, "vbaProject.bin"):
        return Unfit.MACROS
    return next((kind for main, kind in _OOXML_MAIN if main in types), Unfit.UNKNOWN)


def _kind_of_odf(parts: ZipFile) -> FileKind | Unfit:
    """OASIS OpenDocument 1.2, part 3: the part `mimetype`; Basic and Scripts hold macros."""
    kind = _ODF.get(_part(parts, "mimetype").strip())
    if kind is None:
        return Unfit.UNKNOWN
    return Unfit.MACROS if any(name.startswith(("Basic/", "Scripts/")) for name in parts.namelist()) else kind


def _part(parts: ZipFile, name: str) -> bytes:
    with parts.open(name) as part:
        return part.read(_PART_READ_AT_MOST)


def _has_part(parts: ZipFile, ending: str) -> bool:
    return any(name.casefold().endswith(ending.casefold()) for name in parts.namelist())


def _kind_of_compound(content: bytes) -> FileKind | Unfit:
    """[MS-CFB]: the old office files; a new one with a password is wrapped in the same way."""
    if _has_entry(content, "EncryptedPackage"):
        return Unfit.LOCKED
    if any(_has_entry(content, name) for name in ("_VBA_PROJECT", "_VBA_PROJECT_CUR")):
        return Unfit.MACROS
    return next((kind for name, kind in _STREAMS if _has_entry(content, name)), Unfit.UNKNOWN)


def _has_entry(content: bytes, name: str) -> bool:
    """Is there a stream or storage of this name? A directory entry is 128 bytes, name first, its length at 64."""
    written = f"{name}\0".encode("utf-16-le")
    return any(
        at % 128 == 0 and content[at + 64 : at + 66] == len(written).to_bytes(2, "little")
        for at in _found(content, written)
    )


def _found(content: bytes, wanted: bytes) -> Iterator[int]:
    at = content.find(wanted)
    while at >= 0:
        yield at
        at = content.find(wanted, at + 1)
