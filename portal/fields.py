"""A form's fields as a page shows them: from the model's own metadata, what the ledger keeps beside it, and what was
typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from portal.texts import Language
from rules.directive import allowed_levels, required_headings
from rules.english import english_date
from rules.form_input import max_length, with_lines
from rules.thai import thai_date
from schemas.attachment import AttachedFile, FileLimits
from schemas.base import Record
from schemas.directive import Level
from schemas.form import DECISION, Ask, Form, FormContext, Problem, asked, tables_of
from schemas.labels import CHOICES
from schemas.weekly import WeeklyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: what is asked, what stands in it, and what is wrong with it."""

    name: str
    label: str
    help: str
    widget: str
    rows: int
    value: str
    choices: tuple[Choice, ...]
    required: bool
    max_length: int | None
    required_at: tuple[str, ...] = ()
    """Levels at which the field must be filled in (R0.4); empty when the level does not matter."""
    errors: tuple[str, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    """Files that are attached already."""
    limits: FileLimits | None = None
    """What the field takes; None when it takes no files."""
    width: int = 0
    """Of a cell, in letters."""
    lines: tuple[tuple[Field, ...], ...] = ()
    """For a table: its lines, one field a cell; the last ones are blank."""

    @property
    def trouble(self) -> tuple[tuple[str, str], ...]:
        """(anchor, error) of the field and of the cells in it."""
        own = tuple((self.anchor, error) for error in self.errors)
        return own + tuple(found for line in self.lines for cell in line for found in cell.trouble)

    @property
    def described_by(self) -> str:
        """Ids of the help, the hint and the errors, for `aria-describedby`."""
        parts = {"help": self.help, "hint": self.widget in ("date", "files"), "error": self.errors}
        return " ".join(f"{self.name}-{part}" for part, there in parts.items() if there)

    @property
    def anchor(self) -> str:
        """Where a link of the error summary leads: the first choice of a group, or the field."""
        if self.lines:
            return self.lines[0][0].name
        grouped = self.widget in ("radio", "checkboxes") and self.choices
        return f"{self.name}-0" if grouped else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of a form that was submitted, as people read it."""

    label: str
    value: str
    is_long: bool = field(default=False)
    files: tuple[AttachedFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments:
    """The files of a form as it is shown: by the name of their field, and the office's limits."""

    files: Mapping[str, tuple[AttachedFile, ...]] = field(default_factory=dict)
    limits: FileLimits = field(default_factory=FileLimits)


def form_fields(
    form: type[Form],
    context: FormContext,
    language: Language,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    attached: Attachments | None = None,
) -> tuple[Field, ...]:
    """The fields in the order of the model. `typed` (also a draft) goes before what the ledger has filled in."""
    return tuple(
        _field(form, name, info, ask, context, language, typed, problems, attached or Attachments())
        for name, info in form.model_fields.items()
        if (ask := asked(info)) is not None and ask.widget != "hidden" and (context.prefill or not ask.with_prefill)
    )


def _field(
    form: type[Record], name: str, info: FieldInfo, ask: Ask, context: FormContext, language: Language,
    typed: Mapping[str, Any] | None, problems: Sequence[Problem], attached: Attachments,
) -> Field:  # fmt: skip
    takes_files = ask.widget == "files"
    chosen = () if takes_files else _standing(name, info, context, typed, language)
    in_english = language == "en"
    return Field(
        name=name,
        label=ask.en if in_english else ask.th,
        help=ask.help_en if in_english else ask.help_th,
        widget=ask.widget,
        rows=ask.rows,
        value=", ".join(chosen) if ask.widget != "textarea" else "\n".join(chosen),
        choices=_choices(form, name, info, ask, context, language, chosen),
        required=_is_required(ask, info) or name == DECISION,
        max_length=max_length(info) if ask.widget in ("text", "textarea", "email", "tel") else None,
        required_at=_levels_that_require(form, name),
        errors=_errors(problems, name, language),
        files=attached.files.get(name, ()),
        limits=attached.limits.within(ask.files) if takes_files else None,
        width=ask.width,
        lines=_lines(form, name, ask, context, language, typed, problems),
    )


def _lines(
    form: type[Record], name: str, ask: Ask, context: FormContext, language: Language,
    typed: Mapping[str, Any] | None, problems: Sequence[Problem],
) -> tuple[tuple[Field, ...], ...]:  # fmt: skip
    """The lines of a table as they stand, and blank ones beneath. A cell's name is such as «persons.2.name»."""
    line = tables_of(form).get(name)
    if line is None:
        return ()
    standing = context.prefill.get(name, ()) if typed is None else with_lines(form, typed).get(name, ())
    lines = [each for each in standing if isinstance(each, Mapping)] if isinstance(standing, list | tuple) else []
    lines += [{} for _ in range(ask.rows)]
    columns = [(column, about, asks) for column, about in line.model_fields.items() if (asks := asked(about))]

    def cell(place: int, number: int) -> Field:
        column, about, asks = columns[number]
        shown = _field(line, column, about, asks, context, language, lines[place], (), Attachments())
        here = f"{name}.{place}.{column}"
        wrong = _errors(problems, here, language)
        if number == 0:  # what is wrong with the line as a whole
            wrong += _errors(problems, f"{name}.{place}", language)
        return replace(shown, name=here, errors=wrong)

    return tuple(tuple(cell(place, number) for number in range(len(columns))) for place in range(len(lines)))


def _errors(problems: Sequence[Problem], field: str, language: Language) -> tuple[str, ...]:
    return tuple((p.en if language == "en" else p.th) for p in problems if p.field == field)


def _is_required(ask: Ask, info: FieldInfo) -> bool:
    return info.is_required() if ask.required_mark is None else ask.required_mark


def _standing(
    name: str, info: FieldInfo, context: FormContext, typed: Mapping[str, Any] | None, language: Language
) -> tuple[str, ...]:  # fmt: skip
    """The values that stand in a field as text; a list of one where it takes only one."""
    if typed is not None:
        return _texts(typed.get(name))
    if name in context.prefill:
        return _texts(_typed_date(info, context.prefill[name], language))
    return () if info.is_required() or name == DECISION else _texts(info.default)


def _typed_date(info: FieldInfo, value: Any, language: Language) -> Any:
    """A date as somebody would type it on this page: it is read again when the form is sent."""
    if language == "en" and isinstance(value, str) and _kind_of(info) is date:
        day = date.fromisoformat(value)
        return f"{day.day}/{day.month}/{day.year}"
    return _shown_date(info, value, "th")


def _shown_date(info: FieldInfo, value: Any, language: Language) -> Any:
    if isinstance(value, str) and _kind_of(info) is date:
        day = date.fromisoformat(value)
        return english_date(day) if language == "en" else thai_date(day, style="short")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    match value:
        case None | False | "":
            return ()
        case True:
            return ("true",)
        case str():
            return (str(value),)
        case list() | tuple():
            return tuple(str(each) for each in value if each not in (None, ""))
        case _:
            return (str(value),)


def _kind_of(info: FieldInfo) -> Any:
    """The type of a field without None."""
    if get_origin(info.annotation) in (Union, UnionType):
        return next((arg for arg in get_args(info.annotation) if arg is not type(None)), None)
    return info.annotation


def _choices(
    form: type[Record], name: str, info: FieldInfo, ask: Ask, context: FormContext, language: Language,
    chosen: tuple[str, ...],
) -> tuple[Choice, ...]:  # fmt: skip
    named = _named_choices(info, ask, context, language)
    if form_is_report(form) and name == "level":
        possible = {*_possible_levels(context), *chosen}
        named = [(value, label) for value, label in named if value in possible]
    return tuple(Choice(value=value, label=label, chosen=value in chosen) for value, label in named)


def _named_choices(info: FieldInfo, ask: Ask, context: FormContext, language: Language) -> list[tuple[str, str]]:
    if ask.choices is not None:
        return list(context.choices.get(ask.choices, ()))
    kind = _kind_of(info)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [(str(value), names[language == "en"]) for value, names in CHOICES[kind].items()]
    return []


def _possible_levels(context: FormContext) -> set[str]:
    """The levels that may follow the one last reported (R0.2)."""
    previous = context.limits.get("previous_level")
    return {str(level) for level in allowed_levels(Level(previous) if previous else None)}


def form_is_report(form: type[Record]) -> bool:
    return issubclass(form, WeeklyReport)


def _levels_that_require(form: type[Record], name: str) -> tuple[str, ...]:
    if not form_is_report(form):
        return ()
    if name == "completed_on":
        return (str(Level.COMPLETED),)
    return tuple(str(level) for level in Level if name in required_headings(level))


def readable(
    form: type[Form] | None, data: Mapping[str, Any], context: FormContext, language: Language
) -> tuple[Answer, ...]:
    """A submitted form as people read it; a form that is no longer known shows its values by name."""
    if form is None:
        return tuple(Answer(label=name, value=", ".join(_texts(value))) for name, value in data.items())
    return tuple(_read_out(form, data, context, language))


def _read_out(
    form: type[Record], data: Mapping[str, Any], context: FormContext, language: Language
) -> Iterator[Answer]:
    data = with_lines(form, data)
    for name, info in form.model_fields.items():
        ask = asked(info)
        if ask is not None and ask.widget == "files":
            yield from _read_out_files(ask, data.get(name), language)
            continue
        if (line := tables_of(form).get(name)) is not None:
            values = tuple(_line_read_out(line, data.get(name, ()), context, language))
        else:
            values = _texts(_shown_date(info, data.get(name), language))
        if ask is None or not values:
            continue
        if ask.widget == "checkbox":
            values = ("✓",)
        names = dict(_named_choices(info, ask, context, language))
        yield Answer(
            label=ask.en if language == "en" else ask.th,
            value=("\n" if ask.widget == "rows" else ", ").join(names.get(value, value) for value in values),
            is_long=ask.widget in ("textarea", "rows"),
        )


def _read_out_files(ask: Ask, value: Any, language: Language) -> Iterator[Answer]:
    """The files of a field that was handed in; a draft holds their hashes only, which say nothing to people."""
    given = value if isinstance(value, list | tuple) else ()
    files = tuple(AttachedFile.model_validate(each) for each in given if not isinstance(each, str))
    if files:
        label = ask.en if language == "en" else ask.th
        yield Answer(label=label, value=", ".join(file.name for file in files), files=files)


def _line_read_out(line: type[Record], lines: Any, context: FormContext, language: Language) -> Iterator[str]:
    """«1. ชื่อ: นาย ก · เดือน: 12», a sentence for each line of a table."""
    for number, each in enumerate(lines, start=1):
        said = [f"{answer.label}: {answer.value}" for answer in _read_out(line, each, context, language)]
        yield f"{number}. {' · '.join(said)}"
