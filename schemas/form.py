"""Forms: what a person is asked. One pydantic model serves the page, the check on the server and the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field
from pydantic.fields import FieldInfo

from schemas.attachment import AttachedFile, FileLimits
from schemas.base import Record

Widget = Literal[
    "text", "textarea", "radio", "select", "checkboxes", "date", "checkbox", "email", "tel", "hidden", "files", "rows"
]  # fmt: skip


DECISION = "decision"
"""What every form that asks for a decision calls it. A recorded form without one was approved, which is the default of
the model; on the page nothing is chosen until the officer chooses."""


class Ask(Record):
    """How a field is put to a person; kept in the field's metadata and read by the portal and by mails."""

    th: str
    en: str
    help_th: str = ""
    help_en: str = ""
    widget: Widget = "text"
    rows: int = 4
    """Lines of a text area; for the widget `rows`, blank lines beneath those that stand."""
    width: int = 10
    """Of a column, in letters."""
    choices: str | None = None
    """Name of a list in the hand-off's context (for example `divisions`) that fills the choices."""
    with_prefill: bool = False
    """Asked only when the form was filled in beforehand (there is something to confirm)."""
    required_mark: bool | None = None
    """Show the field as required although the model makes it optional (a rule decides)."""
    files: FileLimits | None = None
    """For the widget `files`, whose value is `AttachedFiles`: what it takes, where that is less than the policy."""


def ask(th: str, en: str, *, default: Any = ..., min_length: int | None = None, **how: Any) -> Any:
    """A model field that people see: Thai and English label, and how it is asked (the fields of `Ask`)."""
    said = Ask(th=th, en=en, **how).model_dump(mode="json")
    return Field(default, min_length=min_length, json_schema_extra={"ask": said})


def asked(field: FieldInfo) -> Ask | None:
    """The `Ask` of a model field, or None when people do not see it."""
    extra = field.json_schema_extra
    return Ask.model_validate(extra["ask"]) if isinstance(extra, dict) and "ask" in extra else None


@cache
def file_fields(form: type[Form]) -> Mapping[str, Ask]:
    """The fields of a form that take files, by name."""
    found = ((name, asked(field)) for name, field in form.model_fields.items())
    return {name: ask for name, ask in found if ask is not None and ask.widget == "files"}


@cache
def tables_of(model: type[Record]) -> Mapping[str, type[Record]]:
    """The fields of a form that are tables (widget `rows`): name → the record of one line, whose fields are columns."""
    asks = ((name, field, asked(field)) for name, field in model.model_fields.items())
    return {name: get_args(field.annotation)[0] for name, field, ask in asks if ask and ask.widget == "rows"}


FORMS: dict[str, type[Form]] = {}
"""Every form by its class name, which is its name in the ledger."""


class Form(Record):
    """Base of all forms. A subclass states its title in both languages; its class name is its name in the ledger."""

    title_th: ClassVar[str] = ""
    title_en: ClassVar[str] = ""
    personal: ClassVar[bool] = False
    """Holds what concerns a person's pay or conduct: no mail repeats what stands above it, and only those who need it
    for their own work read what was handed in (decision 27)."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        standing = FORMS.setdefault(cls.__name__, cls)
        if standing.__module__ != cls.__module__:
            raise TypeError(f"two forms are named {cls.__name__}: in {standing.__module__} and in {cls.__module__}")


Facts = tuple[tuple[str, str], ...]
"""(Thai label, value) pairs, as they stand above a form."""


class FormContext(Record):
    """What the ledger keeps beside an open form: read-only facts shown above it, prefill, and lists of choices."""

    facts: Facts = ()
    """Shown above the form and in the mail."""
    prefill: dict[str, Any] = Field(default_factory=dict)
    """Initial values by field name; JSON values only."""
    choices: dict[str, tuple[tuple[str, str], ...]] = Field(default_factory=dict)
    """List name → ((value, Thai label), …)."""
    note: str = ""
    """A remark that needs attention, such as the reason why a report was returned."""
    files: tuple[AttachedFile, ...] = ()
    """Files that belong to what is shown above the form, such as the evidence of a report that is to be checked."""
    limits: dict[str, Any] = Field(default_factory=dict)
    """Facts that the rules need to admit the form (for example `previous_level`); JSON values only."""

    @property
    def is_returned(self) -> bool:
        """Has the work come back? Its note then begins so: «กองแผนงาน ส่งคืนแก้ไข: ขอผลกระทบ»."""
        return is_returned(self.note)

    def said(self) -> dict[str, Any]:
        """What the ledger keeps: JSON values by field name, without the fields that are empty."""
        # What `model_dump(mode="json", exclude_defaults=True)` gives, without a walk through what is JSON already.
        kept = {name: value for name in _PLAIN_CONTEXT if (value := getattr(self, name))}
        if self.files:
            kept["files"] = [file.model_dump(mode="json", exclude_defaults=True) for file in self.files]
        return kept


_RETURNED = re.compile(r"[^:\n]*ส่งคืน(?:แก้ไข)?: |ส่งคืนโดย ")
_PLAIN_CONTEXT = ("facts", "prefill", "choices", "note", "limits")


def is_returned(note: str) -> bool:
    """Does a note begin as that of work that has come back: «กองแผนงาน ส่งคืนแก้ไข: ขอผลกระทบ»?"""
    return _RETURNED.match(note) is not None


class Problem(Record):
    """Why a form was not accepted: one field, one sentence in each language."""

    field: str
    """Field name, or an empty string for the form as a whole."""
    th: str
    en: str
