"""Amounts of money in Thai words, as orders and cheques write them: «หนึ่งแสนสองหมื่นบาทถ้วน» (requirements 3.7)."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("แสน", "หมื่น", "พัน", "ร้อย")
_MILLION = 1_000_000
_SATANG = Decimal("0.01")


def baht_words(amount: Decimal) -> str:
    """`amount` of baht in words, with «ถ้วน» where there are no satang; below one baht only the satang are named.

    Raises ValueError for a negative amount and for a fraction of a satang.
    """
    if amount < 0 or amount % _SATANG:
        raise ValueError(f"{amount} is not an amount in baht and whole satang")
    baht, satang = divmod(int(amount.scaleb(2)), 100)
    if satang == 0:
        return f"{number_words(baht)}บาทถ้วน"
    return (f"{number_words(baht)}บาท" if baht else "") + f"{number_words(satang)}สตางค์"


def number_words(number: int) -> str:
    """A whole number in words: «ยี่สิบเอ็ด», «หนึ่งร้อยเอ็ด», «หนึ่งล้านล้าน». Raises ValueError below zero.

    A one in the last place is «เอ็ด» where anything stands before it (Royal Institute), also across millions:
    1,000,001 is «หนึ่งล้านเอ็ด».
    """
    if number < 0:
        raise ValueError(f"{number} is below zero")
    return _words(number, one="หนึ่ง") if number else "ศูนย์"


def _words(number: int, one: str) -> str:
    """`one` is the word for a lone one in the last place."""
    millions, rest = divmod(number, _MILLION)
    if millions:
        return _words(millions, one) + "ล้าน" + (_below_million(rest, "เอ็ด") if rest else "")
    return _below_million(rest, one)


def _below_million(number: int, one: str) -> str:
    *high, tens, ones = (int(digit) for digit in f"{number:06}")
    words = "".join(_DIGITS[digit] + place for digit, place in zip(high, _PLACES, strict=True) if digit)
    if tens:
        words += {1: "", 2: "ยี่"}.get(tens, _DIGITS[tens]) + "สิบ"
    if ones == 1:
        return words + ("เอ็ด" if words else one)
    return words + _DIGITS[ones]
