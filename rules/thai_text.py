"""Thai text as it should have been typed, its dictionary order, and cuts that spare its marks (3.5, 3.6)."""

from __future__ import annotations

import re
from unicodedata import normalize

import regex

_THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_THAI = str.maketrans("0123456789", _THAI)
_TO_ARABIC = str.maketrans(_THAI, "0123456789")

# What no database, PDF or mail carries: control characters, the byte-order mark, halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
# All that stands above or below one consonant, with the า that makes ํ a ำ; a single mark is right as it is.
_STACK = re.compile("[ัิ-ฺ็-๎ำ](?:[ัิ-ฺ็-๎ำ]+า?|า)")
_VOWELS = frozenset("ัิีึืฺุู")
_TONES = frozenset("็่้๊๋์")

_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_MARK = re.compile("[็-๎]")
_LETTER = re.compile("[^็-๎]([็-๎]*)", re.DOTALL)
_GRAPHEME = regex.compile(r"\X")
# No writing stacks more than thirty marks (UAX #15, stream-safe text); ordering a page of them takes seconds.
_TOO_MANY_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")


def to_thai_digits(text: str) -> str:
    """0–9 become ๐–๙; never for e-mail addresses, links or ids (requirements 3.2)."""
    return text.translate(_TO_THAI)


def to_arabic_digits(text: str) -> str:
    """๐–๙ become 0–9."""
    return text.translate(_TO_ARABIC)


def normalise_thai(text: str) -> str:
    """`text` in NFC with common slips of typing mended; done twice it changes nothing more.

    Mended: ํ + า for ำ, เ + เ for แ, doubled marks, a tone typed before its vowel, line ends of other systems.
    """
    text = _composed(_UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    # Marks of other scripts between Thai ones can call for another pass; bounded, since text may be hostile.
    for _ in range(4):
        mended = _composed(_STACK.sub(_restacked, text.replace("เเ", "แ")))
        if mended == text:
            break
        text = mended
    return text


def _composed(text: str) -> str:
    """NFC; marks are counted before, for its sake, and after, as it takes some of them apart."""
    fewer = _TOO_MANY_MARKS.sub(r"\1", normalize("NFC", _TOO_MANY_MARKS.sub(r"\1", text)))
    return str(fewer)


def _restacked(stack: re.Match[str]) -> str:
    """Each vowel once, then one of ็ ่ ้ ๊ ๋ ์ (of «ร์่» the first), then ำ or what else there is."""
    marks = stack[0]
    vowels = "".join(dict.fromkeys(mark for mark in marks if mark in _VOWELS))
    tone = next((mark for mark in marks if mark in _TONES), "")
    rest = "๎" if "๎" in marks else ""
    if "ำ" in marks:
        rest += "ำา" if marks.endswith("ำา") else "ำ"
    elif "ํ" in marks:
        rest += "ำ" if marks.endswith("า") else "ํ"
    elif marks.endswith("า"):
        rest += "า"
    return vowels + tone + rest


def collation_key(text: str) -> tuple[str, str]:
    """Key of the dictionary order: a consonant before its leading vowel, tone marks only to break a tie."""
    swapped = _LEADING_VOWEL.sub(r"\2\1", to_arabic_digits(normalise_thai(text)).casefold())
    return _MARK.sub("", swapped), _LETTER.sub(lambda letter: letter[1] or " ", swapped)


def truncate(text: str, graphemes: int) -> str:
    """At most `graphemes` characters as a reader counts them; a text that was cut ends with «…»."""
    found = _GRAPHEME.findall(text[: graphemes * 16 + 16])
    if len(found) <= graphemes and len("".join(found)) == len(text):
        return text
    kept: str = "".join(found[: max(graphemes - 1, 0)])
    return kept.rstrip("เแโใไ").rstrip() + "…" if graphemes > 0 else ""
