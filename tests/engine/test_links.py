"""Links in mails open one form for one officer until a moment, and cannot be made by others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.links import LinkRefused, Links

NOW = datetime(2018, 4, 12, 2, 0, tzinfo=UTC)
LINKS = Links("https://order.example", "k" * 40, days=30)


def token(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_names_its_form_and_officer() -> None:
    read = LINKS.read(token(LINKS.form("abc", "dept-div-a.1", issued_at=NOW)), now=NOW)
    assert (read.hand_off, read.officer, read.expires_at) == ("abc", "dept-div-a.1", NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("later", "opens"), [(timedelta(days=30) - timedelta(seconds=1), True), (timedelta(days=30), False)]
)
def test_a_link_expires_on_the_ledgers_clock(later: timedelta, opens: bool) -> None:
    made = token(LINKS.form("abc", "dept-div-a.1", issued_at=NOW))
    if opens:
        assert LINKS.read(made, now=NOW + later)
    else:
        with pytest.raises(LinkRefused) as refused:
            LINKS.read(made, now=NOW + later)
        assert refused.value.expired


def test_a_link_of_another_key_is_forged() -> None:
    other = Links("https://order.example", "z" * 40, days=30)
    with pytest.raises(LinkRefused) as refused:
        LINKS.read(token(other.form("abc", "dept-div-a.1", issued_at=NOW)), now=NOW)
    assert not refused.value.expired


@given(st.data())
def test_no_change_of_a_token_is_accepted(data: st.DataObject) -> None:
    made = token(LINKS.form("abc", "dept-div-a.1", issued_at=NOW))
    place = data.draw(st.integers(0, len(made) - 2))  # the last character carries padding bits that do not count
    letter = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = made[:place] + letter + made[place + 1 :]
    if changed != made:
        with pytest.raises(LinkRefused):
            LINKS.read(changed, now=NOW)


def test_a_path_of_a_form_becomes_a_signed_link_and_other_paths_stay() -> None:
    signed = LINKS.absolute("/hand-offs/abc", officer="dept-div-a.1", issued_at=NOW)
    assert LINKS.read(token(signed), now=NOW).hand_off == "abc"
    assert LINKS.absolute("/cases/x", officer="dept-div-a.1", issued_at=NOW) == "https://order.example/cases/x"
