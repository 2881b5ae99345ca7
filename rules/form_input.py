"""What a person typed, made ready for a form: blanks dropped, text normalised, Thai dates read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from rules.errors import UnreadableDate, UnreadableTime
from rules.sentences import sentence
from rules.thai import normalise_thai, parse_thai_date, parse_thai_time
from rules.thai_text import to_arabic_digits
from schemas.base import Record
from schemas.form import DECISION, Form, Problem, asked, tables_of

_UNLIMITED_TEXT_STOPS_AT = 500
"""For text whose model names no limit, such as a name."""

_CELL = re.compile(r"(?P<table>[a-z_]+)\.(?P<line>[0-9]{1,4})\.(?P<column>[a-z_]+)")

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
"""Commas where they mean thousands; «82,5» is left for the model to refuse."""


class _Unfit(Exception):
    def __init__(self, kind: str, **facts: Any) -> None:
        self.kind, self.facts = kind, facts
        super().__init__(kind)


def read_input(form: type[Form], data: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Values by field name, without the blank ones, and what could not be read. Unknown names stay as given."""
    problems: list[Problem] = []
    return _values(form, form, data, "", problems), tuple(problems)


def _values(
    form: type[Form], model: type[Record], data: Mapping[str, Any], place: str, problems: list[Problem]
) -> dict[str, Any]:
    """The values of a form, or of one line of a table in it; `place` is then such as «persons.2.»."""
    values = {}
    for name, value in with_lines(model, data).items():
        field = model.model_fields.get(name)
        line = tables_of(model).get(name)
        try:
            ready = _read(field, value) if line is None else _lines(form, line, value, f"{place}{name}", problems)
        except _Unfit as unfit:
            problems.append(problem(form, place + name, unfit.kind, **unfit.facts))
        except _MisreadDate as misread:
            problems.append(Problem(field=place + name, th=misread.th, en=misread.en))
        else:
            if ready not in (None, "", ()):
                values[name] = ready
            elif name == DECISION and ready == "":  # asked and not chosen, whatever the model's default is
                problems.append(problem(form, place + name, "choose"))
    return values


def _lines(form: type[Form], line: type[Record], value: Any, name: str, problems: list[Problem]) -> Any:
    if value in (None, ""):
        return ()
    if not isinstance(value, list | tuple):
        raise _Unfit("list")
    return tuple(
        _values(form, line, each, f"{name}.{place}.", problems) if isinstance(each, Mapping) else each
        for place, each in enumerate(value)
    )


def with_lines(model: type[Record], data: Mapping[str, Any]) -> dict[str, Any]:
    """What a page sends for a table, «persons.3.name», as lines without the blank ones; all else as it is.

    Lines keep their order and are counted from 0 anew, so a problem names the line as it is shown again.
    """
    if not (tables := tables_of(model)):
        return dict(data)
    sent: dict[str, dict[int, dict[str, Any]]] = {}
    rest: dict[str, Any] = {}
    for name, value in data.items():
        cell = _CELL.fullmatch(name)
        if cell is None or cell["table"] not in tables:
            rest[name] = value
        elif value not in (None, "") and not (isinstance(value, str) and not value.strip()):
            sent.setdefault(cell["table"], {}).setdefault(int(cell["line"]), {})[cell["column"]] = value
    for name, lines in sent.items():
        rest[name] = [lines[place] for place in sorted(lines)]
    return rest


def problem(form: type[Form], name: str, kind: str, **facts: Any) -> Problem:
    """The problem `kind` beside the field `name`, in the field's own words."""
    th, en = sentence(kind, *labels(form, name), **facts)
    return Problem(field=name, th=th, en=en)


def labels(form: type[Form], name: str) -> tuple[str, str]:
    """The Thai and English label of a field, of a table's cell with the number of its line; its name without any."""
    field = field_at(form, name)
    ask = asked(field) if field else None
    th, en = (ask.th, ask.en) if ask else (name[:100], name[:100])
    _, _, cell = name.partition(".")
    line, _, column = cell.partition(".")
    if not (line.isdecimal() and name.partition(".")[0] in tables_of(form)):
        return th, en
    number = int(line) + 1
    return (f"{th} (ลำดับที่ {number})", f"{en} (line {number})") if column else (f"ลำดับที่ {number}", f"line {number}")


def field_at(form: type[Form], name: str) -> FieldInfo | None:
    """The field of a form, or of a line of a table in it: «persons.2.name»."""
    cell = _CELL.fullmatch(name)
    line = tables_of(form).get(cell["table"]) if cell else None
    return form.model_fields.get(name) if cell is None or line is None else line.model_fields.get(cell["column"])


class _MisreadDate(Exception):
    def __init__(self, th: str, en: str) -> None:
        self.th, self.en = th, en
        super().__init__(en)


def _read(field: FieldInfo | None, value: Any) -> Any:
    if field is None or value is None:
        return value
    if (ask := asked(field)) is not None and ask.widget == "files":
        return _files(value)
    if ask is not None and ask.widget == "radio" and isinstance(value, list):
        value = value[-1] if value else ""  # a page sends a blank before what was chosen
    if _holds(field, date):
        return _date(value)
    if _holds(field, time) and isinstance(value, str) and value.strip():
        return _written_time(value)
    if isinstance(value, str) and _is_number(field):
        return figures(_text(field, value))
    if get_origin(field.annotation) is tuple:
        return _several(value)
    return _text(field, value) if isinstance(value, str) else value


def _holds(field: FieldInfo, kind: type) -> bool:
    return field.annotation is kind or kind in get_args(field.annotation)


def _is_number(field: FieldInfo) -> bool:
    kinds = (field.annotation, *get_args(field.annotation))
    return any({Decimal, int} & {kind, get_origin(kind), *get_args(kind)[:1]} for kind in kinds)


def figures(text: str) -> str:
    """A number as officials write it, «1,234.50» or «๔.๒๕», in the digits of the model."""
    figures = to_arabic_digits(text)
    return figures.replace(",", "") if _THOUSANDS.fullmatch(figures) else figures


def _text(field: FieldInfo, value: str) -> str:
    limit = max_length(field)
    if len(value) <= 2 * limit:  # beyond it normalising is work for nothing
        value = normalise_thai(value).strip()
    if len(value) > limit:
        raise _Unfit("string_too_long", max_length=limit, length=len(value))
    return value


def max_length(field: FieldInfo) -> int:
    """How many characters the field takes."""
    stated = [*field.metadata, *(m for arg in get_args(field.annotation) for m in getattr(arg, "__metadata__", ()))]
    limits = [limit for m in stated if isinstance(limit := getattr(m, "max_length", None), int)]
    return min(limits, default=_UNLIMITED_TEXT_STOPS_AT)


def _several(value: Any) -> Any:
    """Ticked boxes: one comes as text, several as a list; each counts once."""
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise _Unfit("list")
    return tuple(dict.fromkeys(each.strip() for each in value if each.strip()))


def _files(value: Any) -> Any:
    """Attached files, each with name, kind and size. A bare hash says nothing: who takes the form in looks it up."""
    if not isinstance(value, list | tuple):
        value = (value,)
    if any(isinstance(each, str) and each.strip() for each in value):
        raise _Unfit("file_not_kept")
    return tuple(each for each in value if not isinstance(each, str))


def _date(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise _Unfit("date")
    return _written_date(value) if value.strip() else None


def _written_time(text: str) -> time:
    try:
        return parse_thai_time(text)
    except UnreadableTime:
        raise _Unfit("time") from None


def _written_date(text: str) -> date:
    try:
        parsed = parse_thai_date(text)
    except UnreadableDate:
        raise _Unfit("date") from None
    if parsed.is_range:
        raise _Unfit("single_date")
    for th, en in parsed.warnings:
        raise _MisreadDate(th, en)
    return parsed.start
