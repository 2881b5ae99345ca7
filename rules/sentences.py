"""What pydantic found wrong, said to a person in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from rules.file_sentences import FILE_SENTENCES
from rules.refusals import REFUSALS

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("กรุณากรอก «{th}»", "Fill in “{en}”"),
    "extra_forbidden": ("ไม่รู้จักช่อง «{th}»", "There is no field “{en}”"),
    "string_too_short": ("กรุณากรอก «{th}»", "Fill in “{en}”"),
    "string_too_long": (
        "«{th}» ยาวได้ไม่เกิน {max_length:,} ตัวอักษร (ที่ส่งมายาว {length:,} ตัวอักษร)",
        "“{en}” may have at most {max_length:,} characters (this has {length:,})",
    ),
    "string_type": ("«{th}» ต้องเป็นข้อความ", "“{en}” must be text"),
    "string_unicode": ("«{th}» มีอักขระที่อ่านไม่ได้", "“{en}” has unreadable characters"),
    "string_pattern_mismatch": ("«{th}» มีรูปแบบไม่ถูกต้อง", "“{en}” is not written in the right way"),
    "email": (
        "«{th}» ต้องเป็นที่อยู่อีเมล เช่น name@example.go.th",
        "“{en}” must be an e-mail address, such as name@example.go.th",
    ),
    "choose": ("กรุณาเลือก «{th}»", "Choose “{en}”"),
    "choice": ("กรุณาเลือก «{th}» จากรายการที่กำหนด", "Choose “{en}” from the list"),
    "date": (
        "«{th}» ต้องเป็นวันที่ เช่น 13 เมษายน 2561 หรือ 13/4/2561",
        "“{en}” must be a date, such as 13 เมษายน 2561 or 13/4/2561",
    ),
    "single_date": ("«{th}» ต้องเป็นวันเดียว ไม่ใช่ช่วงวันที่", "“{en}” must be one day, not several"),
    "time": ('«{th}» ต้องเป็นเวลา เช่น "16:00"', '“{en}” must be a time of day, such as "16:00"'),
    "moment": (
        "«{th}» ต้องเป็นวันเวลาที่ระบุเขตเวลา เช่น 2018-04-01T08:30:00+07:00",
        "“{en}” must be a date and time with its zone, such as 2018-04-01T08:30:00+07:00",
    ),
    "naive_time": (
        "«{th}» ไม่ได้ระบุเขตเวลา เช่น +07:00",
        "“{en}” does not say its time zone, such as +07:00",
    ),
    "checkbox": ("«{th}» ต้องเป็นใช่หรือไม่ใช่", "“{en}” must be yes or no"),
    "number": ("«{th}» ต้องเป็นจำนวนเต็ม", "“{en}” must be a whole number"),
    "number_size": ("«{th}» มีค่ามากหรือน้อยเกินไป", "“{en}” is too large or too small a number"),
    "at_least": ("«{th}» ต้องไม่น้อยกว่า {ge}", "“{en}” must be at least {ge}"),
    "at_most": ("«{th}» ต้องไม่เกิน {le}", "“{en}” must be at most {le}"),
    "more_than": ("«{th}» ต้องมากกว่า {gt}", "“{en}” must be more than {gt}"),
    "decimal": ("«{th}» ต้องเป็นตัวเลข เช่น 82.5", "“{en}” must be a number, such as 82.5"),
    "decimal_max_places": (
        "«{th}» มีทศนิยมได้ไม่เกิน {decimal_places} ตำแหน่ง",
        "“{en}” may have at most {decimal_places} digits after the point",
    ),
    "decimal_max_digits": ("«{th}» มีได้ไม่เกิน {max_digits} หลัก", "“{en}” may have at most {max_digits} digits"),
    "decimal_whole_digits": (
        "«{th}» มีได้ไม่เกิน {whole_digits} หลักหน้าจุดทศนิยม",
        "“{en}” may have at most {whole_digits} digits before the point",
    ),
    "too_long": ("«{th}» มีได้ไม่เกิน {max_length} รายการ", "“{en}” may have at most {max_length} items"),
    "too_short": ("กรุณาเลือก «{th}» อย่างน้อย {min_length} รายการ", "Choose at least {min_length} of “{en}”"),
    "list": ("«{th}» ต้องเป็นรายการ", "“{en}” must be a list"),
    "fields": ("«{th}» ต้องเป็นกลุ่มของช่องข้อมูล", "“{en}” must be a group of named fields"),
    **REFUSALS,
    **FILE_SENTENCES,
}
_UNSPECIFIC = ("«{th}» ไม่ถูกต้อง", "“{en}” is not valid")

_KINDS: Mapping[str, str] = {
    "enum": "choice",
    "literal_error": "choice",
    "union_tag_invalid": "choice",
    "union_tag_not_found": "missing",
    "bool_type": "checkbox",
    "bool_parsing": "checkbox",
    "int_type": "number",
    "int_parsing": "number",
    "int_from_float": "number",
    "int_parsing_size": "number_size",
    "greater_than_equal": "at_least",
    "greater_than": "more_than",
    "decimal_type": "decimal",
    "decimal_parsing": "decimal",
    "finite_number": "decimal",
    "less_than_equal": "at_most",
    "tuple_type": "list",
    "frozen_set_type": "list",
    "list_type": "list",
    "dict_type": "fields",
    "model_type": "fields",
    "model_attributes_type": "fields",
}
_FAMILIES = (("date_from_datetime", "date"), ("datetime", "moment"), ("date", "date"), ("time", "time"))


def sentence(kind: str, th: str, en: str, **facts: Any) -> tuple[str, str]:
    """The Thai and the English sentence for what is wrong with the field labelled `th` and `en`."""
    thai, english = _SENTENCES.get(kind, _UNSPECIFIC)
    return thai.format(th=th, **facts), english.format(en=en, **facts)


def kind_of(error: ErrorDetails) -> str:
    """Which sentence a pydantic error calls for; a kind without one gets «ไม่ถูกต้อง»."""
    found = error["type"]
    if found in _SENTENCES or found in _KINDS:
        return _KINDS.get(found, found)
    if found == "value_error" and "naive_time" in error["msg"]:
        return "naive_time"
    return next((kind for family, kind in _FAMILIES if found.startswith(family)), "")


def sentence_of(error: ErrorDetails, th: str, en: str) -> tuple[str, str]:
    """The sentences for a pydantic error; its own words are for programmers and never shown."""
    given = error.get("input")
    facts = {**error.get("ctx", {}), "length": len(given) if isinstance(given, str) else 0}
    return sentence(kind_of(error), th, en, **{k: v for k, v in facts.items() if k not in {"th", "en"}})
