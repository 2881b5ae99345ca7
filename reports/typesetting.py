"""One door from a template and a value to an archival PDF: Typst, Sarabun, PDF/A-2a (tagged).

The value travels as JSON beside the template; no text is ever pasted into Typst source, so that «#», «*» or «$» in an
officer's report are letters and nothing else. The same value gives the same bytes: the document carries the
date of its data, never that of the printing.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Literal

import fontpkg_sarabun
import typst

from reports.errors import TemplateFailed, UnknownTemplate, UnusableEmblem
from reports.faces import searchable
from reports.printable import printable
from rules.thai import Digits
from schemas.base import Moment, Record

PDF_STANDARD: Literal["a-2a"] = "a-2a"
TEMPLATES = Path(__file__).parent / "templates"
NEUTRAL_EMBLEM = Path(__file__).parent / "assets" / "emblem.svg"

EVERY_FACE = b"""
#set text(font: "Sarabun")
#for style in ("normal", "italic") {
  for weight in range(100, 900, step: 100) { text(style: style, weight: weight)[x] }
}
"""
"""The compiler reads a face when it is first used, and holds it: after this page it needs no file of ours."""

_one_at_a_time = Lock()
"""Typst's compiler object refuses a second caller while it works; it works without Python's own lock."""


class Letterhead(Record):
    """What an office puts on every document."""

    ministry_th: str = ""
    """For example «กระทรวงยุติธรรม»."""
    emblem: Path = NEUTRAL_EMBLEM
    """SVG, PNG or JPEG. The Garuda is the office's to supply (requirements 3.4); a neutral mark stands in for it."""


NEUTRAL = Letterhead()


class Sheet(Record):
    """Base of what is typeset: the document's properties."""

    title: str
    author: str
    dated: Moment
    """Date of the data; becomes the document's date, to the second."""
    letterhead: Letterhead = NEUTRAL


def typeset(template: str, sheet: Sheet, *, digits: Digits = "thai") -> bytes:
    """The PDF of `sheet` by `templates/<template>.typ`.

    A full landscape page takes some 50 ms of a core: call it in a thread, no event loop should wait for it.

    `digits` are those of what the system writes: dates, numbering, counts (requirements 3.2). What people wrote, and
    ids such as a directive's number, stay as they are.

    Raises UnknownTemplate, UnusableEmblem, and TemplateFailed (naming template and cause).
    """
    source = TEMPLATES / f"{template}.typ"
    if not source.is_file():
        raise UnknownTemplate(template, templates())
    data = sheet.model_dump(mode="json", exclude={"dated", "letterhead"})
    data |= {"digits": digits, "emblem": _emblem(sheet.letterhead.emblem), "ministry_th": sheet.letterhead.ministry_th}
    try:
        return _compiled(source, printable(data, has_glyph), int(sheet.dated.timestamp()))
    except typst.TypstError as error:
        raise TemplateFailed(template, error.message, error.diagnostic) from error


def templates() -> tuple[str, ...]:
    """Names of the templates."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.typ") if not path.stem.startswith("lib")))


@cache
def has_glyph(char: str) -> bool:
    """Can an archival page show this character, in Sarabun or a font that the compiler brings along?"""
    try:
        _compiled(b'#set text(font: "Sarabun")\n#json(bytes(sys.inputs.data))', char, 0)
    except typst.TypstError:
        return False
    return True


def _compiled(source: Path | bytes, data: Any, timestamp: int) -> bytes:
    compiler = _compiler()
    with _one_at_a_time:
        pdf = compiler.compile(
            source,  # type: ignore[type-var]
            root=TEMPLATES,
            format="pdf",
            pdf_standards=PDF_STANDARD,
            timestamp=timestamp,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler() -> typst.Compiler:
    with TemporaryDirectory() as folder:
        for face in (fontpkg_sarabun.ROOT / "files").glob("*.ttf"):
            (Path(folder) / face.name).write_bytes(searchable(face.read_bytes()))
        # Fonts of the machine would make the bytes depend on it.
        compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[folder]))
        compiler.compile(EVERY_FACE, root=TEMPLATES, format="pdf")
    return compiler


@cache
def _emblem(path: Path) -> dict[str, Any]:
    """The picture as Typst takes it from JSON: its bytes as numbers, and its format."""
    formats = {".svg": "svg", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}
    if path.suffix.lower() not in formats:
        raise UnusableEmblem(path, "unknown ending")
    try:
        return {"bytes": list(path.read_bytes()), "format": formats[path.suffix.lower()]}
    except OSError as error:
        raise UnusableEmblem(path, error.strerror or type(error).__name__) from error
