"""The sample ministry and its directives: what the files promise."""

from __future__ import annotations

from datetime import date

from deployments.furnishing import SAMPLE
from deployments.samples import FILE, sample_directives
from deployments.wording import DEMO_ACCOUNTS
from rules.directory import DirectoryIndex
from rules.organisation_file import load_organisation, load_policy
from schemas.directive import Level
from schemas.form import FORMS

TODAY = date(2018, 4, 20)
FORM_OF = {
    "receive": "Receipt", "assign": "Assignment", "accept": "Acceptance", "report": "WeeklyReport",
    "check": "ReportReview", "key_in": "ReportKeying",
}  # fmt: skip


def test_the_samples_stand_at_each_of_the_four_levels() -> None:
    reported = {a.data["level"] for s in sample_directives() for a in s.answers if a.element == "report"}
    assert reported == {level.value for level in Level}


def test_there_is_something_left_to_do_at_each_desk() -> None:
    last = {sample.answers[-1].element if sample.answers else "" for sample in sample_directives()}
    assert {"", "accept", "report"} <= last


def test_every_registration_and_answer_fits_its_form_and_the_sample_ministry() -> None:
    directory = DirectoryIndex(load_organisation(SAMPLE.organisation.read_text(encoding="utf-8")))
    load_policy(SAMPLE.policy.read_text(encoding="utf-8"))
    for sample in sample_directives():
        form = sample.form(TODAY)
        assert "(ตัวอย่าง)" in form.title
        assert form.ordered_on <= TODAY
        for answer in sample.answers:
            data = answer.data | ({"completed_on": TODAY} if "completed_on" in answer.data else {})
            FORMS[FORM_OF[answer.element]].model_validate(data)
            for division in answer.data.get("divisions", ()):
                owner = directory.agency_of(division)
                assert owner is not None
                assert owner.id == form.agencies[0]


def test_the_accounts_that_are_shown_exist() -> None:
    directory = DirectoryIndex(load_organisation(SAMPLE.organisation.read_text(encoding="utf-8")))
    assert all(directory.officer(account) for account, _, _ in DEMO_ACCOUNTS)


def test_the_file_says_that_it_is_made_up() -> None:
    assert "ไม่ใช่ข้อสั่งการจริง" in FILE.read_text(encoding="utf-8")
