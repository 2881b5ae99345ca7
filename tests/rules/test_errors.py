"""Every error of the rules says its sentence in Thai and in English, and survives pickling."""

from __future__ import annotations

import pickle
import string
from collections.abc import Iterator

import pytest

from rules import errors
from rules.errors import BrokenFile, NotAdmitted, RuleError
from rules.sentences import kind_of, sentence
from rules.verdict import YES, no
from schemas.form import Problem


def _all_errors(kind: type[RuleError] = RuleError) -> Iterator[type[RuleError]]:
    for error in kind.__subclasses__():
        yield error
        yield from _all_errors(error)


def _facts(error: type[RuleError]) -> set[str]:
    texts = (error.thai, error.__doc__ or "")
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", list(_all_errors()))
def test_an_error_says_the_same_facts_in_both_languages(kind: type[RuleError]) -> None:
    if issubclass(kind, NotAdmitted | BrokenFile):
        error: RuleError = kind((Problem(field="goal", th="เหตุผล", en="reason"),))
        assert ("เหตุผล" in error.th, "reason" in error.en) == (True, True)
    else:
        error = kind(**{fact: f"<{fact}>" for fact in _facts(kind)})
        assert all(f"<{fact}>" in error.th and f"<{fact}>" in error.en for fact in _facts(kind))
    assert str(error) == f"{error.th} ({error.en})"
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.facts) == (kind, str(error), error.facts)


def test_every_error_lives_in_one_file_under_one_base() -> None:
    named = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert named == {RuleError, *_all_errors()}


def test_a_verdict_reads_as_a_condition() -> None:
    assert YES
    refused = no("ไม่ได้", "no")
    assert not refused
    assert (refused.th, refused.en) == ("ไม่ได้", "no")


def test_an_error_of_pydantic_without_a_sentence_stays_unspecific_rather_than_leak() -> None:
    kind = kind_of({"type": "some_future_kind", "loc": (), "msg": "Input should", "input": 1})
    assert sentence(kind, "เรื่อง", "Subject") == ("«เรื่อง» ไม่ถูกต้อง", "“Subject” is not valid")
