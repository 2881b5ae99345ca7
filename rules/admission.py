"""The one door through which every form passes, on the page, from a file or from a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

import schemas.agreement
import schemas.appeal
import schemas.award_case
import schemas.cascade_forms
import schemas.circular
import schemas.directive
import schemas.duty
import schemas.follow_up
import schemas.framework
import schemas.measures
import schemas.measures_report
import schemas.opinion
import schemas.printout
import schemas.sar
import schemas.site_visit
import schemas.user_request
import schemas.weekly
import schemas.year_move  # noqa: F401 - a form enters the register when its module is imported
from rules.calendar import bangkok_date
from rules.errors import NotAdmitted, UnknownForm
from rules.form_checks import problems_of
from rules.form_input import field_at, labels, read_input
from rules.sentences import kind_of, sentence, sentence_of
from schemas.form import FORMS, Form, FormContext, Problem, asked, tables_of
from schemas.weekly import ReportKeying, ReviewDecision


def admit(form_name: str, data: Mapping[str, Any], context: FormContext, *, now: datetime) -> Form:
    """The accepted form, its text normalised. Raises UnknownForm, NaiveTime, and NotAdmitted with the problems.

    `data` holds values by field name, as an HTML form or JSON gives them: blank means not given, dates may be
    written in Thai. `context` is what the ledger kept beside the open form.
    """
    form_type = FORMS.get(form_name)
    if form_type is None:
        raise UnknownForm(form=form_name)
    form = _shaped(form_type, data, context)
    if problems := problems_of(form, context, bangkok_date(now)):
        raise NotAdmitted(problems)
    return form


def _shaped(form: type[Form], data: Mapping[str, Any], context: FormContext) -> Form:
    values, unreadable = read_input(form, data)
    try:
        shaped = form.model_validate(_completed(form, values, context))
    except ValidationError as error:
        said = {problem.field for problem in unreadable}
        found = (_problem(form, each) for each in error.errors(include_url=False))
        raise NotAdmitted((*unreadable, *_once(found, said))) from None
    if unreadable:
        raise NotAdmitted(unreadable)
    return shaped


def _completed(form: type[Form], values: dict[str, Any], context: FormContext) -> dict[str, Any]:
    """A report that goes back to the division keeps the level at which it came."""
    if form is ReportKeying and values.get("decision") == ReviewDecision.RETURN and "level" in context.prefill:
        return {"level": context.prefill["level"], **values}
    return values


def _problem(form: type[Form], error: ErrorDetails) -> Problem:
    name = _place(form, error)
    th, en = labels(form, name) if name else (form.title_th, form.title_en)
    kind = _kind_beside(form, name, kind_of(error))
    said = sentence(kind, th, en) if kind else sentence_of(error, th, en)
    return Problem(field=name, th=said[0], en=said[1])


def _place(form: type[Form], error: ErrorDetails) -> str:
    """The field that is wrong; in a table its cell, «persons.2.months»."""
    loc = [str(step) for step in error["loc"]]
    if not loc:
        return ""
    return ".".join(loc[:3]) if loc[0] in tables_of(form) else loc[0]


def _kind_beside(form: type[Form], name: str, kind: str) -> str | None:
    """A pattern means an e-mail address beside an e-mail field, and a choice beside a list, where one chooses."""
    field = field_at(form, name)
    ask = asked(field) if field else None
    if ask is not None and kind == "missing" and ask.widget in _CHOSEN:
        return "choose"
    if ask is None or kind not in {"string_pattern_mismatch", "string_type"}:
        return None
    return "email" if ask.widget == "email" else "choice" if ask.choices else None


_CHOSEN = frozenset({"radio", "select", "checkboxes"})


def _once(problems: Iterator[Problem], said: set[str]) -> Iterator[Problem]:
    """One problem a field is enough; the first is the most telling."""
    for problem in problems:
        if problem.field not in said:
            said.add(problem.field)
            yield problem
