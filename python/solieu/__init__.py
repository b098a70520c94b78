"""Reads figures out of Vietnamese press text and gives structured, explainable records.

>>> import solieu
>>> reading = solieu.extract("Tính đến tháng 7/2022, cả nước có 5.813/8.227 xã đạt chuẩn nông thôn mới.")
>>> reading[0].quote, reading[0].value.amount, reading[0].indicator.id
('5.813/8.227 xã', Decimal('5813'), 'ntm.commune.met')

One text: `extract`, `explain`, `read_html`. Many: `extract_table` takes anything that speaks Arrow and gives a `Table`, `extract_stream` does the
same for data that does not fit in memory, `extract_files` reads what the command `solieu extract` reads. These use the built-in rules;
the methods of an `Extractor(patterns=…)` use those of a folder. `solieu.spark` runs the same on Apache Spark.
"""

from collections.abc import Sequence as _Sequence

from solieu._solieu import Error, Extractor, Page, Reading, Record, RowError, RulesError, Stream, Table, __version__
from solieu._types import Indicator, Period, Place, Span, Value

__all__ = [
    "Error",
    "Extractor",
    "Indicator",
    "Page",
    "Period",
    "Place",
    "Reading",
    "Record",
    "RowError",
    "RulesError",
    "Span",
    "Stream",
    "Table",
    "Value",
    "__version__",
    "explain",
    "extract",
    "extract_files",
    "extract_stream",
    "extract_table",
    "read_html",
    "rules_hash",
]

_Sequence.register(Reading)

_built_in = Extractor()
explain = _built_in.explain
extract = _built_in.extract
extract_files = _built_in.extract_files
extract_stream = _built_in.extract_stream
extract_table = _built_in.extract_table
read_html = _built_in.read_html


def rules_hash() -> str:
    """The hash of the built-in rules: two runs with the same hash used the same rules."""
    return _built_in.rules_hash
