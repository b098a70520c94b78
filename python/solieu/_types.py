"""The parts of a record: plain tuples with names, which compare, unpack and pickle as tuples do. And the types of arguments."""

from datetime import date
from decimal import Decimal
from types import EllipsisType
from typing import Any, Literal, NamedTuple, Protocol


class Span(NamedTuple):
    """Where a quote stands in its source; ends are exclusive."""

    chars: tuple[int, int]
    """Unicode code points: indices of a Python string."""
    bytes: tuple[int, int]
    """Bytes of its UTF-8."""


class Value(NamedTuple):
    """A number, scaled out, in the unit of its record; exact."""

    amount: Decimal
    """The number; the part of a ratio, the place of a rank, the lower end of a range."""
    upper: Decimal | None
    """The upper end of a range."""
    of: Decimal | None
    """The whole of a ratio, the length of the list of a rank."""


class Indicator(NamedTuple):
    """A catalogued series."""

    id: str
    programme: str | None


class Place(NamedTuple):
    """Whose figure it is."""

    name: str
    code: str | None
    """The official code, where name and date leave one unit. It means nothing without the date."""
    level: str
    """`country`, `region`, `province`, `district`, `commune` or `village`."""


class Period(NamedTuple):
    """When a figure holds: inclusive days, None where open."""

    start: date | None
    end: date | None
    text: str | None
    """The words that tell it."""


class ArrowStream(Protocol):
    """Anything that hands out batches: pyarrow.Table, polars.DataFrame, pandas.DataFrame, a DuckDB relation, …"""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


class ArrowBatch(Protocol):
    """One batch: pyarrow.RecordBatch, …"""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...


Kind = Literal["count", "ratio", "percent", "points", "money", "measure", "rate", "multiple", "rank", "duration"]
Qualifier = Literal["exact", "approx", "over", "nearly", "under", "at_least", "at_most"]
Change = Literal["none", "increase", "decrease", "increase_to", "decrease_to"]
Status = Literal["actual", "estimate", "forecast", "target"]
Errors = Literal["raise", "row"]
Column = str | EllipsisType | None
"""The name of a column, None for none, `...` for the one of the usual name, if there is one."""
