"""Money in words, each written out by hand; and never two amounts with the same words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.baht_words import baht_words, number_words

WORDS = {
    "0": "ศูนย์บาทถ้วน",
    "1": "หนึ่งบาทถ้วน",
    "10": "สิบบาทถ้วน",
    "11": "สิบเอ็ดบาทถ้วน",
    "12": "สิบสองบาทถ้วน",
    "20": "ยี่สิบบาทถ้วน",
    "21": "ยี่สิบเอ็ดบาทถ้วน",
    "22": "ยี่สิบสองบาทถ้วน",
    "91": "เก้าสิบเอ็ดบาทถ้วน",
    "100": "หนึ่งร้อยบาทถ้วน",
    "101": "หนึ่งร้อยเอ็ดบาทถ้วน",
    "110": "หนึ่งร้อยสิบบาทถ้วน",
    "111": "หนึ่งร้อยสิบเอ็ดบาทถ้วน",
    "1001": "หนึ่งพันเอ็ดบาทถ้วน",
    "10500": "หนึ่งหมื่นห้าร้อยบาทถ้วน",
    "120000": "หนึ่งแสนสองหมื่นบาทถ้วน",
    "120000.00": "หนึ่งแสนสองหมื่นบาทถ้วน",
    "999999": "เก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้าบาทถ้วน",
    "1000000": "หนึ่งล้านบาทถ้วน",
    "1000001": "หนึ่งล้านเอ็ดบาทถ้วน",
    "2000000": "สองล้านบาทถ้วน",
    "11000000": "สิบเอ็ดล้านบาทถ้วน",
    "21000021": "ยี่สิบเอ็ดล้านยี่สิบเอ็ดบาทถ้วน",
    "101000000": "หนึ่งร้อยเอ็ดล้านบาทถ้วน",
    "1000000000000": "หนึ่งล้านล้านบาทถ้วน",
    "1000001000000": "หนึ่งล้านเอ็ดล้านบาทถ้วน",
    "1500000000001": "หนึ่งล้านห้าแสนล้านเอ็ดบาทถ้วน",
    "0.01": "หนึ่งสตางค์",
    "0.50": "ห้าสิบสตางค์",
    "0.5": "ห้าสิบสตางค์",
    "0.21": "ยี่สิบเอ็ดสตางค์",
    "1.01": "หนึ่งบาทหนึ่งสตางค์",
    "10.25": "สิบบาทยี่สิบห้าสตางค์",
    "1234567.89": "หนึ่งล้านสองแสนสามหมื่นสี่พันห้าร้อยหกสิบเจ็ดบาทแปดสิบเก้าสตางค์",
}


@pytest.mark.parametrize(("amount", "words"), WORDS.items())
def test_amounts_are_written_as_in_an_order(amount: str, words: str) -> None:
    assert baht_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001", "1.005"])
def test_what_is_no_amount_of_baht_and_satang_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="whole satang"):
        baht_words(Decimal(amount))


def test_a_number_below_zero_has_no_words() -> None:
    with pytest.raises(ValueError, match="below zero"):
        number_words(-1)


_UNITS = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000}
_ONES = {word: n for n, word in enumerate(["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"], start=1)}


def read(words: str) -> int:
    """Reads a number in words: every «ล้าน» multiplies all that stands before it."""
    total = group = digit = 0
    while words:
        word = next(w for w in ("ล้าน", "เอ็ด", "ยี่", *_UNITS, *_ONES) if words.startswith(w))
        words = words.removeprefix(word)
        if word == "ล้าน":
            total, group, digit = (total + group + digit) * 1_000_000, 0, 0
        elif word in _UNITS:
            group, digit = group + (digit or 1) * _UNITS[word], 0
        else:
            digit = {"เอ็ด": 1, "ยี่": 2}.get(word) or _ONES[word]
    return total + group + digit


@given(st.integers(min_value=1, max_value=10**18))
def test_the_words_of_a_number_can_be_read_back(number: int) -> None:
    assert read(number_words(number)) == number
