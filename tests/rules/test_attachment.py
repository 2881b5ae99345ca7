"""What may be attached to a form: by content, never by what a name promises."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.admission import admit
from rules.attachment import LONGEST_NAME, clean_name, in_megabytes, take_file
from rules.errors import FileNotTaken, NotAdmitted
from rules.file_kind import Unfit, kind_of_file
from rules.file_sentences import FILE_SENTENCES
from rules.form_input import problem
from schemas.attachment import ENDINGS, MEDIA_TYPES, AttachedFile, FileKind, FileLimits
from schemas.form import FormContext, file_fields
from schemas.policy import Policy
from schemas.weekly import ReportText, WeeklyReport
from tests import files
from tests.conftest import FRIDAY_NOON

LIMITS = FileLimits()

BY_KIND = {
    FileKind.PDF: files.PDF,
    FileKind.PNG: files.png(),
    FileKind.JPEG: files.JPEG,
    FileKind.DOCX: files.docx(),
    FileKind.XLSX: files.xlsx(),
    FileKind.PPTX: files.pptx(),
    FileKind.DOC: files.compound("1Table", "WordDocument"),
    FileKind.XLS: files.compound("Workbook"),
    FileKind.PPT: files.compound("Current User", "PowerPoint Document"),
    FileKind.ODT: files.opendocument("text"),
    FileKind.ODS: files.opendocument("spreadsheet"),
}


def take(
    name: str, content: bytes, limits: FileLimits = LIMITS, standing: tuple[AttachedFile, ...] = ()
) -> AttachedFile:
    return take_file(name, content, hashlib.sha256(content).hexdigest(), limits, standing)


def refusal(name: str, content: bytes, limits: FileLimits = LIMITS, standing: tuple[AttachedFile, ...] = ()) -> str:
    with pytest.raises(FileNotTaken) as refused:
        take(name, content, limits, standing)
    return refused.value.reason


def test_every_kind_has_an_example_and_a_media_type() -> None:
    assert set(BY_KIND) == set(FileKind) == set(MEDIA_TYPES) == set(ENDINGS.values())


@pytest.mark.parametrize("kind", list(FileKind))
def test_a_file_is_known_by_its_content(kind: FileKind) -> None:
    content = BY_KIND[kind]
    assert kind_of_file(content) is kind
    taken = take(f"หลักฐาน.{kind.value.upper()}", content)
    assert (taken.media_type, taken.size) == (MEDIA_TYPES[kind], len(content))


@pytest.mark.parametrize("kind", list(FileKind))
@pytest.mark.parametrize("promised", list(FileKind))
def test_a_name_that_promises_another_kind_is_refused(kind: FileKind, promised: FileKind) -> None:
    if kind is not promised:
        assert refusal(f"a.{promised}", BY_KIND[kind]) == "mismatch"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("หน้าเว็บ.html", files.HTML, "ending"),
        ("ภาพ.svg", files.SVG, "ending"),
        ("setup.exe", files.EXE, "ending"),
        ("งาน.docm", files.docm(), "ending"),
        ("ไม่มีนามสกุล", files.PDF, "ending"),
        ("รายงาน.pdf", files.HTML, "unknown"),
        ("ภาพ.png", files.SVG, "unknown"),
        ("รายงาน.pdf", files.EXE, "unknown"),
        ("รายงาน.pdf", b" " + files.PDF, "unknown"),
        ("งาน.docx", files.docm(), "macros"),
        ("งาน.docx", files.docm_under_another_name(), "macros"),
        ("งาน.doc", files.compound("WordDocument", "_VBA_PROJECT"), "macros"),
        ("งาน.xls", files.compound("Workbook", "_VBA_PROJECT_CUR"), "macros"),
        ("งาน.odt", files.opendocument("text", Basic__Standard="<script/>"), "macros"),
        ("งาน.docx", files.compound("EncryptionInfo", "EncryptedPackage"), "locked"),
        ("งาน.docx", files.archive(word__document="<w/>"), "unknown"),
        ("งาน.xlsx", files.xlsx()[:-40], "unknown"),
        ("งาน.xlsx", b"MZ" + files.xlsx(), "unknown"),
        ("งาน.doc", files.compound("Something"), "unknown"),
        ("ว่าง.pdf", b"", "empty"),
    ],
)  # fmt: skip
def test_what_is_not_taken(name: str, content: bytes, reason: str) -> None:
    assert refusal(name, content) == reason


def test_a_word_of_a_directory_inside_a_text_makes_no_office_file() -> None:
    content = files.compound("Something") + b"x" + "WordDocument\0".encode("utf-16-le")
    assert kind_of_file(content) is Unfit.UNKNOWN


def test_size_and_number_end_at_the_policy() -> None:
    limits = FileLimits(most=1, megabytes=1)
    exactly = files.PDF.ljust(1024 * 1024, b" ")
    assert take("a.pdf", exactly, limits).size == 1024 * 1024
    assert refusal("a.pdf", exactly + b" ", limits) == "too_large"
    assert refusal("b.pdf", files.PDF, limits, (take("a.pdf", exactly),)) == "too_many"


def test_the_same_content_is_attached_once_and_its_first_name_is_told() -> None:
    first = take("แผน.pdf", files.PDF)
    with pytest.raises(FileNotTaken) as refused:
        take("แผนฉบับแก้ไข.pdf", files.PDF, standing=(first,))
    assert refused.value.facts["other"] == "แผน.pdf"
    assert take("แผน.pdf", files.pdf("2"), standing=(first,)).name == "แผน.pdf"


def test_a_field_may_take_less_than_the_office_and_never_more() -> None:
    own = FileLimits(most=1, megabytes=50, kinds=(FileKind.PDF, FileKind.DOCX))
    assert Policy().files.within(own) == FileLimits(most=1, megabytes=20, kinds=(FileKind.PDF, FileKind.DOCX))
    assert Policy().files.within(None) == Policy().files
    assert refusal("a.png", files.png(), Policy().files.within(own)) == "ending"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("รายงานผล ปี ๒๕๖๑.pdf", "รายงานผล ปี ๒๕๖๑.pdf"),
        (r"C:\Users\สมชาย\Desktop\แผน.docx", "แผน.docx"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("‮fdp.exe", "fdp.exe"),
        (" .pdf. ", "pdf"),
        ("เเผน.pdf", "แผน.pdf"),
        ("///", "ไฟล์"),
        ("ก" * 400 + ".pdf", "ก" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_kept_as_the_officer_wrote_it_but_for_what_could_harm(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@given(st.text(max_size=600))
@example("\xa0")
@example("ก" * 199 + " ก")
def test_a_clean_name_is_short_plain_and_stays_so(name: str) -> None:
    clean = clean_name(name)
    assert 1 <= len(clean) <= LONGEST_NAME
    assert not any(sign in clean for sign in "/\\\r\n\0")
    assert AttachedFile(name=clean, media_type="application/pdf", size=1, sha256="0" * 64).name == clean
    assert clean_name(clean) == clean


@given(st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", files.xlsx()[:2000]]), st.binary())
def test_no_content_breaks_the_check(first: bytes, rest: bytes) -> None:
    assert isinstance(kind_of_file(first + rest), FileKind | Unfit)


def test_a_damaged_byte_anywhere_in_an_archive_breaks_nothing() -> None:
    whole = files.docx()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        assert isinstance(kind_of_file(bytes(damaged)), FileKind | Unfit)


def test_every_refusal_names_the_field_in_both_languages() -> None:
    facts = dict.fromkeys(("file", "size", "limit", "ending", "kinds", "found", "other", "most"), "…")
    for kind in FILE_SENTENCES:
        said = problem(WeeklyReport, "attachments", kind, **facts)
        assert "เอกสารแนบ" in said.th
        assert "Attachments" in said.en


@pytest.mark.parametrize(
    ("size", "said"), [(1, "1 kB"), (1536, "2 kB"), (1024 * 1024, "1.0 MB"), (26_000_000, "24.8 MB")]
)
def test_a_size_is_said_as_people_read_it(size: int, said: str) -> None:
    assert in_megabytes(size) == said


# --- in a form ---------------------------------------------------------------------------------------------

REPORT = {"level": "in_progress", "goal": "เป้าหมาย", "plan": "แผน"}


def test_the_weekly_report_takes_files_and_the_text_that_is_carried_over_has_none() -> None:
    assert list(file_fields(WeeklyReport)) == ["attachments"]
    assert "attachments" not in ReportText.model_fields


def test_a_report_is_admitted_with_its_files_and_without_any() -> None:
    file = take("แผน.pdf", files.PDF).model_dump(mode="json")
    with_file = admit("WeeklyReport", REPORT | {"attachments": [file]}, FormContext(), now=FRIDAY_NOON)
    without = admit("WeeklyReport", REPORT | {"attachments": ["", ""]}, FormContext(), now=FRIDAY_NOON)
    assert isinstance(with_file, WeeklyReport)
    assert isinstance(without, WeeklyReport)
    assert [f.name for f in with_file.attachments] == ["แผน.pdf"]
    assert without.attachments == ()


@pytest.mark.parametrize("given", ["0" * 64, ["0" * 64], [{"sha256": "0" * 64}], [{"name": "a"}], [7], "รายงาน.pdf"])
def test_a_bare_hash_or_half_a_file_is_not_admitted(given: object) -> None:
    with pytest.raises(NotAdmitted) as refused:
        admit("WeeklyReport", REPORT | {"attachments": given}, FormContext(), now=FRIDAY_NOON)
    assert [p.field for p in refused.value.problems] == ["attachments"]
