"""From a message to its words: subject, plain text and html, out of the message's own folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound, select_autoescape
from markupsafe import Markup, escape

from notifications.errors import UnknownMessage, UnsafeLink
from rules.calendar import in_bangkok
from rules.thai import thai_moment, thai_time, thai_weekday_date, truncate
from rules.thai_words import MONTHS
from schemas.base import Moment, Record
from schemas.directive import URGENCY_TH, Urgency
from schemas.form import is_returned
from schemas.mail import DigestLine, Message

SUBJECT_LENGTH = 78
"""Characters of a subject (requirements 3.7: «Thai subject ≤ 78 chars preferred»)."""
LONGEST_NUMBER = 32
"""Characters; a year that comes later is no number of the matter."""
MOST_LOST = 20
"""Characters that even a short title may lose so that it ends with a whole word; a long one two fifths."""
SYSTEM_NAME = "ระบบติดตามข้อสั่งการ"
_UNBROKEN = re.compile(rf"(?<=[0-9]) (?=(?:{'|'.join(MONTHS)}) )|(?<=[ก-๛]) (?=25[0-9]{{2}}\b)|(?<=[0-9]) (?=น\.)")
"""The blanks within «13 เมษายน 2561» and «16.00 น.», at which no line may end."""
_WHOLE = re.compile(r"(ข้อสั่งการ|\b[0-9]{1,2}–[0-9]{1,2}\b)")
_WORD_BEGINS = re.compile(
    r" |(?<!ติด)ตาม|(?<!เจ้า)(?<!สิ่ง)ของ|และ|เพื่อ|โดย|ประจำ|ซึ่ง|ระหว่าง|สำหรับ|ด้าน|ภายใน"
    r"|(?<!ตาม)(?<!ของ)(?<!และ)(?<!โดย)(?<!เพื่อ)(?:หนังสือ|ข้อสั่งการ|ตัวชี้วัด|จังหวัด|หน่วยงาน)"
)
"""Where a Thai text can be cut without a dictionary: at a blank, and before a word that joins two parts."""
_NUMBER = re.compile(r"(?:[^\s0-9]+ ){0,3}[^\s0-9]*[0-9]\S*(?: \S*[0-9]\S*)*")
"""What a title begins with that tells it from others: «ข้อสั่งการที่ 2561-0004», «หนังสือเวียน สค 0017.2/ว 14080»."""
_TOGETHER = Markup('<span style="white-space:nowrap">{}</span>')
_OPEN, _CLOSE = "\x02", "\x03"


class Composed(Record):
    """The words of one mail; `subject` is one line of at most 78 characters."""

    subject: str
    text: str
    html: str


def compose(message: Message, *, system_name: str = SYSTEM_NAME) -> Composed:
    """The words of `message`. Raises `UnknownMessage`, and `UnsafeLink` for anything but http and https."""
    context = {name: getattr(message, name) for name in type(message).model_fields}
    context["system_name"] = system_name
    return Composed(
        subject=_fitted(_rendered(message, "subject.txt", context)),
        text=_tidy(_rendered(message, "text.txt", context)),
        html=_tidy(_rendered(message, "page.html", context)),
    )


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.strip().splitlines())
    return "\n".join(lines) + "\n"


def shortened(text: str, length: int) -> str:
    """`text` in at most `length` code points, cut where a word begins if that loses little; otherwise a Thai
    syllable's consonant, vowel and tone stay together. What announces a number goes with it («พ.ศ. 2561»)."""
    if len(text) <= length:
        return text
    least = max(length // 2, length - max(MOST_LOST, 2 * length // 5))
    begins = [found.start() for found in _WORD_BEGINS.finditer(text, 0, length + 5) if least <= found.start() < length]
    if begins:
        end = begins[-1]
        if text[end:].lstrip()[:1].isdigit() and (before := text.rfind(" ", 0, end)) >= length // 2:
            end = before
        return text[:end].rstrip(" –:,(") + "…"
    # One more character, because `truncate` counts what a reader counts, and would find a short text whole.
    cuts = (truncate(text + " .", graphemes) for graphemes in range(length, 0, -1))
    return next((cut for cut in cuts if len(cut) <= length), "")


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, runs of blanks made one."""
    return " ".join("".join(" " if _breaks_a_line(c) else c for c in text).split())


def _breaks_a_line(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"}


# --- subject: the parts marked `elastic` give way until the line fits --------------------------------------


def _elastic(text: str) -> str:
    return f"{_OPEN}{one_line(text)}{_CLOSE}"


def _fitted(marked: str) -> str:
    parts = re.split(f"{_OPEN}(.*?){_CLOSE}", " ".join(marked.split()))
    elastic, room = parts[1::2], SUBJECT_LENGTH - len("".join(parts[::2]))
    limit = _longest_limit(room, [len(part) for part in elastic])
    if len(elastic) > 1:  # the number of what the mail is about is never lost
        limit = min(limit, max((room - _with_its_number(elastic[-1])) // (len(elastic) - 1), 1))
    for place, part in enumerate(elastic, start=1):
        last = place == len(elastic)  # what the mail is about has the room that the parts before it leave
        parts[2 * place - 1] = shortened(part, max(room, limit) if last else limit)
        room -= len(parts[2 * place - 1])
    return "".join(parts).strip()


def _with_its_number(title: str) -> int:
    """How long a title must at least be to say which one it is, with the sign that the rest was cut off."""
    found = _NUMBER.match(title)
    return found.end() + 1 if found and found.end() <= LONGEST_NUMBER else 0


def _longest_limit(room: int, lengths: list[int]) -> int:
    """The greatest length that all parts may have so that together they fill `room`; long parts give first."""
    fitting = (n for n in range(SUBJECT_LENGTH, 1, -1) if sum(min(length, n) for length in lengths) <= room)
    return next(fitting, 1)


# --- templates ---------------------------------------------------------------------------------------------


def _rendered(message: Message, part: str, context: dict[str, object]) -> str:
    name = f"{type(message).folder}/{part}.jinja"
    try:
        template = templates().get_template(name)
    except TemplateNotFound as missing:
        raise UnknownMessage(kind=type(message).__name__, template=name) from missing
    return template.render(context)


@cache
def templates() -> Environment:
    """The one template environment of this floor: unknown names are errors, html is escaped."""
    environment = Environment(
        loader=PackageLoader("notifications", "messages"),
        autoescape=select_autoescape(("html.jinja",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        elastic=_elastic, moment=thai_moment, deadline=deadline, urgency=URGENCY_TH.__getitem__,
        prefix=urgency_prefix, returned=returned_prefix, most_urgent=most_urgent, link=checked_link, lines=broken_lines,
    )  # fmt: skip
    return environment


def most_urgent(lines: Sequence[DigestLine]) -> Urgency:
    """The highest urgency among several pieces of work."""
    return min((line.urgency for line in lines), key=list(Urgency).index)


def urgency_prefix(urgency: Urgency) -> str:
    """«[ด่วนที่สุด] » before the subject, nothing for an ordinary mail (requirements 3.4)."""
    return "" if urgency is Urgency.NORMAL else f"[{URGENCY_TH[urgency]}] "


def returned_prefix(note: str) -> str:
    """«ส่งคืนแก้ไข: » before the subject of work that has come back: it has the title of the first time."""
    return "ส่งคืนแก้ไข: " if is_returned(note) else ""


def deadline(due: Moment | None) -> str:
    """Until when, as the source says it: «ก่อน 16.00 น.» is strict (S0 line 12; requirements R0.1)."""
    if due is None:
        return "ไม่ได้กำหนดเวลา"
    return f"ภายใน{thai_weekday_date(in_bangkok(due).date())} ก่อนเวลา {thai_time(due)}"


def checked_link(link: str) -> str:
    """`link` itself; `javascript:` and relative addresses do not leave the house."""
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.netloc or link != one_line(link) or " " in link:
        raise UnsafeLink(link=link)
    return link


def broken_lines(text: str) -> Markup:
    """Escaped html of a text of several lines; old Outlook knows `<br>` but not `white-space: pre-line`."""
    return Markup("<br>").join(_held_together(line) for line in text.strip().splitlines())


def _held_together(line: str) -> Markup:
    """Dates stay on one line, and so does «ข้อสั่งการ», which the browsers' dictionaries take for two words."""
    parts = _WHOLE.split(_UNBROKEN.sub("\u00a0", line))
    return Markup("").join(_TOGETHER.format(part) if place % 2 else escape(part) for place, part in enumerate(parts))
