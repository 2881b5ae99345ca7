"""One place of a case: its tokens, what is known there, and that it does not grow with the turns of a loop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from audit.approved import approvals, model_of
from audit.errors import ModelCannotBeRead
from audit.scope import LONG, Scope
from audit.terms import evaluate, named, said
from tests.flows.people import at

NOON = datetime(2018, 2, 12, 5, tzinfo=UTC)


def scope_of(process: str, spec: str | None = None) -> Scope:
    (approval,) = [each for each in approvals() if each.process == process]
    made = Scope(model_of(approval), spec or process, {})
    made.values["case"] = said({"meeting_at": "2018-02-20T02:30:00+00:00"})
    made.advance()
    return made


def test_a_loop_of_any_length_keeps_few_tasks_and_its_token() -> None:
    """The library recurses along its tree, which would end after some three hundred scores of surveys."""
    surveys = scope_of("agreement-cycle", "surveys")
    for _ in range(400):
        (token,) = surveys.live("survey")
        surveys.fire(token)
        assert len(surveys.workflow.tasks) <= LONG + 10
    assert surveys.awaited() == ["survey"]


def test_what_is_awaited_is_said_by_its_elements() -> None:
    printout = scope_of("meeting-printout")
    assert printout.awaited() == ["look_up"]
    printout.pass_on(printout.live("look_up")[0])
    assert printout.awaited() == ["day_before"]


def test_a_recorded_answer_decides_at_a_gateway_and_may_decide_otherwise_the_next_time() -> None:
    printout = scope_of("meeting-printout")
    printout.pass_on(printout.live("look_up")[0])
    printout.fire(printout.live("day_before")[0])
    for verdict, following in (("return", "build"), ("return", "build"), ("approve", "print")):
        printout.pass_on(printout.live("build")[0])
        printout.note("check", {"decision": verdict}, NOON)
        printout.pass_on(printout.live("check")[0])
        assert printout.awaited() == [following]
    assert (printout.count("check"), printout.latest("look_up", "check"), printout.at("check")) == (3, "check", NOON)


def test_a_name_that_nothing_was_recorded_under_is_the_models_fault() -> None:
    with pytest.raises(ModelCannotBeRead) as refused:
        scope_of("meeting-printout").read("check.decision == 'approve'")
    assert refused.value.expression == "check.decision == 'approve'"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("unit.name", "กอง"),
        ("[each.n for each in lines if each.n > limit]", [2, 3]),
        ("any(each.n == limit for each in lines)", True),
        ("len(lines)", 3),
        ("moment(day_of) <= now", True),
        ("day('site visit') is None", True),
        ("missing is None", True),
    ],
)
def test_expressions_are_read_on_recorded_values(expression: str, value: Any) -> None:
    names = {
        "unit": said({"name": "กอง"}), "lines": said([{"n": 1}, {"n": 2}, {"n": 3}]), "limit": 1, "missing": None,
        "day_of": "2018-02-12T05:00:00+00:00", "now": NOON,
    }  # fmt: skip
    assert evaluate(expression, names) == value


@pytest.mark.parametrize("expression", ["open('/etc/passwd')", "__import__('os')", "unit.nothing", "1 +"])
def test_expressions_cannot_act_and_mistakes_are_named(expression: str) -> None:
    with pytest.raises(ModelCannotBeRead):
        evaluate(expression, {"unit": said({})})


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("dept", "dept"),
        (6, "6"),
        (said({"case": "directive-1", "name": "x"}), "directive-1"),
        (said({"unit": "u"}), "u"),
    ],
)
def test_an_instance_is_named_as_the_flow_names_it(item: Any, name: str) -> None:
    assert named(item) == name


def test_what_has_no_name_is_refused() -> None:
    with pytest.raises(ModelCannotBeRead):
        named(said({"at": str(at("2018-02-12"))}))
