"""Sarabun as documents are set in it: marks at fixed heights, so that what is printed can be searched.

The compiler says once what a syllable reads, but begins anew at each glyph that its face moves up or down, and says all
of it again: a viewer finds «สั่สั่ง» where «สั่ง» stands. Sarabun moves a tone mark by up to 1/20 em, to what is free above
the vowel. Here it stands above every vowel where it stands above «ี».

Poppler sees a gap after a syllable whose last glyph stands far to the left, and reads «ปั้ น». So marks count as a
little wide, which moves nothing (no mark advances a line), and those above the narrow vowels of «ป ฝ ฟ» stand less far
to the left.

Sarabun is under the SIL Open Font License, without reserved names. The changed faces are made where they are used, and
leave only as what documents embed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

BODY, UPPER = 576, 952
"""Heights at which consonants carry marks and vowels carry tone marks, in 1/1000 em."""
BODY_REACH, UPPER_REACH = 1, 56
"""How far from it an anchor may be to be meant. That of «็» is farther: a tone mark would touch it, no word has both."""
LEFT, WIDE = 145, 50
"""How far left a tone mark may stand, and how wide marks count. Poppler makes a gap of a difference above 100."""
ON_CONSONANT, ON_MARK = 4, 6


def searchable(face: bytes) -> bytes:
    """The face (TrueType) with its marks level; nothing but anchors and the width of marks is changed."""
    changed = bytearray(face)
    for kind, marks, carriers in _attachments(face):
        height, reach = (BODY, BODY_REACH) if kind == ON_CONSONANT else (UPPER, UPPER_REACH)
        places = {at: struct.unpack_from(">hh", face, at + 2) for at in marks + carriers}
        level = {at: x for at, (x, y) in places.items() if abs(y - height) <= reach}
        leftmost = max((level[at] for at in marks if at in level), default=0) - LEFT
        for at, x in level.items():
            struct.pack_into(">hh", changed, at + 2, max(x, leftmost) if kind == ON_MARK else x, height)
    tables = _tables(face)
    widths = _number(face, tables[b"hhea"] + 34)
    # Glyphs after the last with a width of its own share that one: these are the marks.
    struct.pack_into(">H", changed, tables[b"hmtx"] + 4 * (widths - 1), WIDE)
    return bytes(changed)


def _attachments(face: bytes) -> Iterator[tuple[int, list[int], list[int]]]:
    """What of GPOS hangs marks on something: the kind, where the anchors of marks are, and those of their carriers."""
    gpos = _tables(face)[b"GPOS"]
    lookups = gpos + _number(face, gpos + 8)
    for lookup in _listed(face, lookups, lookups):
        kind = _number(face, lookup)
        for table in _listed(face, lookup + 4, lookup) if kind in (ON_CONSONANT, ON_MARK) else ():
            classes, marks, carriers = (_number(face, table + field) for field in (6, 8, 10))
            hung = _listed(face, table + marks, table + marks, columns=slice(1, 2))
            yield kind, hung, _listed(face, table + carriers, table + carriers, columns=slice(classes))


def _listed(face: bytes, at: int, start: int, columns: slice = slice(1)) -> list[int]:
    """Where the things of a list are: after the number of rows, it gives their distances from `start`, 0 for none."""
    row = struct.Struct(f">{columns.stop}H")
    rows = row.iter_unpack(face[at + 2 : at + 2 + row.size * _number(face, at)])
    return [start + distance for row in rows for distance in row[columns] if distance]


def _tables(face: bytes) -> dict[bytes, int]:
    end = 12 + 16 * _number(face, 4)
    return {tag: start for tag, _, start, _ in struct.iter_unpack(">4sLLL", face[12:end])}


def _number(face: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", face, at)[0])
