"""What a Python user would write without this package: the figures of Vietnamese text by regular expressions.

Gives number, scale, unit, qualifier and a period for each figure, as a careful script of an afternoon does: no subject, no place, no
indicator, no ranges, no tables, no numbers in words.
"""

import re
from decimal import Decimal

NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
SCALES = {"nghìn tỷ": 10**12, "nghìn tỉ": 10**12, "tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4}
UNITS = (
    "đồng|USD|EUR|%|điểm phần trăm|ha|km|km2|m2|m3|tấn|tạ|kg|kWh|MW|người|hộ|xã|huyện|tỉnh|thôn|dự án|công trình|"
    "lượt khách|doanh nghiệp|tiêu chí|sản phẩm|lao động|ngày|lần|học sinh|căn|cơ sở"
)
QUALIFIERS = {"khoảng": "approx", "gần": "nearly", "hơn": "over", "trên": "over", "dưới": "under", "ít nhất": "at_least", "không quá": "at_most"}
NOT = r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|\d+/\d{4}/[A-ZĐ-]+|(?:năm|tháng|ngày|Điều|khoản|số) \d+(?:/\d+)*"
FIGURE = re.compile(
    rf"(?P<not>{NOT})|(?:(?P<qualifier>{'|'.join(QUALIFIERS)}) )?(?P<number>{NUMBER})(?:/(?P<of>{NUMBER}))? ?"
    rf"(?P<scale>{'|'.join(SCALES)})? ?(?P<unit>{UNITS})?(?:/(?P<per>người|năm|tháng|ha|xã|hộ))?(?!\w)"
)
PERIOD = re.compile(r"(?:năm|tháng|quý|ngày) [\dIV/]+|(?P<months>\d+) tháng đầu năm|giai đoạn \d{4} ?[-–] ?\d{4}")
SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZĐÀ-Ỹ])|\n+")


def amount(text: str, scale: str | None) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".")) * SCALES.get(scale or "", 1)


def figures(text: str) -> list[dict]:
    found = []
    for sentence in SENTENCE.split(text):
        period = PERIOD.search(sentence)
        for match in FIGURE.finditer(sentence):
            if match["not"] or not (match["unit"] or match["scale"] or match["of"]):
                continue
            found.append(
                {
                    "quote": match[0],
                    "amount": amount(match["number"], match["scale"]),
                    "of": amount(match["of"], match["scale"]) if match["of"] else None,
                    "unit": match["unit"] and match["unit"] + (f"/{match['per']}" if match["per"] else ""),
                    "qualifier": QUALIFIERS.get(match["qualifier"] or "", "exact"),
                    "period": period[0] if period else None,
                }
            )
    return found
