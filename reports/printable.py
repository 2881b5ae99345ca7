"""What people write, made fit for an archival page without changing a word of it.

PDF/A-2a refuses a page on which a character has no glyph or is of private use, and a line of more than 32,767 bytes.
A minister's report must not fail because an officer pasted an emoji or a ruler of dashes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import regex

MISSING_GLYPH = "□"
BREAK_HERE = "\u200b"
LONG_RUN = 25
"""Characters other than Thai letters without a space from which on a run may be broken anywhere."""
LONG_PIECE = 12
"""Length between two separators from which on a piece of such a run may itself be broken."""

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_RUN = re.compile(rf"[^\s\u0e00-\u0e7f]{{{LONG_RUN},}}")
_REPEATED = re.compile(r"(\S{1,4}?)\1{15,}")
_PIECE = re.compile(r"[^/._\-?&=@:,;|]*[/._\-?&=@:,;|]?")
_CLUSTER = regex.compile(r"\X")
_JOINED = re.compile(rf"{MISSING_GLYPH}\ufe0f?(?:\u200d{MISSING_GLYPH}\ufe0f?)+|{MISSING_GLYPH}\ufe0f")
_ASCII, _LATIN_1 = range(0x20, 0x7F), range(0xA0, 0x100)
_THAI = (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))
_KNOWN = frozenset(map(chr, (*_ASCII, *_LATIN_1, *_THAI))) | set("\n–—‘’“”•…\u200b\u200d\ufe0f" + MISSING_GLYPH)
"""Characters that Sarabun and the compiler's own fonts are known to hold; a test asks for each."""
_DROPPED = {"Cc", "Cs"}
_REFUSED = {"Co", "Cn"}


def printable(value: Any, has_glyph: Callable[[str], bool]) -> Any:
    """`value` (JSON types) with every string made printable; `has_glyph` says whether a character can be shown."""
    if isinstance(value, str):
        return printable_text(value, has_glyph)
    if isinstance(value, dict):
        return {key: printable(item, has_glyph) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item, has_glyph) for item in value]
    return value


def printable_text(text: str, has_glyph: Callable[[str], bool]) -> str:
    """`text` with line ends as \\n, without control characters, «□» for what no font shows, and long runs breakable."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    strange: dict[str, str | int | None] = {char: _shown(char, has_glyph) for char in set(text) - _KNOWN}
    if strange:
        text = _JOINED.sub(MISSING_GLYPH, text.translate(str.maketrans(strange)))
    text = _REPEATED.sub(lambda found: BREAK_HERE.join(_CLUSTER.findall(found[0])), text)
    return _RUN.sub(lambda found: _breakable(found[0]), text)


def _shown(char: str, has_glyph: Callable[[str], bool]) -> str:
    category = unicodedata.category(char)
    if category in _DROPPED:
        return ""
    return char if category not in _REFUSED and has_glyph(char) else MISSING_GLYPH


def _breakable(run: str) -> str:
    pieces = (piece for piece in _PIECE.findall(run) if piece)
    return BREAK_HERE.join(
        piece if len(piece) <= LONG_PIECE else BREAK_HERE.join(_CLUSTER.findall(piece)) for piece in pieces
    )
