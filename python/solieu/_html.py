"""What notebooks show: texts with their figures marked, records and tables.

Takes objects of the package and gives HTML with inline styles, which survives export. Never changes what it shows, and escapes all text.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solieu import Reading, Record, Table

#: Rows of a table that are shown.
ROWS = 20
#: The longest text that is shown whole, in characters.
TEXT = 20_000
#: A background for each kind of figure; dark text stays readable on all of them.
COLOURS = {
    "count": "#cfe8ff",
    "ratio": "#d9f2d0",
    "percent": "#ffe6b3",
    "points": "#ffd9b3",
    "money": "#f5d0e6",
    "measure": "#e0d9ff",
    "rate": "#d0f0ee",
    "multiple": "#f0e8c8",
    "rank": "#e6e6e6",
    "duration": "#eeeeee",
}
COLUMNS = ["document", "sentence", "quote", "amount_text", "unit", "change", "status", "indicator", "place", "period_end"]


def _mark(quote: str, kind: str, title: str = "") -> str:
    colour = COLOURS.get(kind, "#eeeeee")
    return f'<mark style="background:{colour};color:#111;padding:0 2px;border-radius:2px" title="{escape(title)}">{escape(quote)}</mark>'


def _days(record: Record) -> str:
    period = record.period
    return "" if period is None else f"{period.start or ''} → {period.end or ''}".strip()


def _number(record: Record) -> str:
    amount, upper, of = record.value
    return f"{amount}{'' if upper is None else f' – {upper}'}{'' if of is None else f' / {of}'} {record.unit}"


def _fields(record: Record) -> list[tuple[str, str]]:
    place = record.place
    fields = [
        ("kind", record.kind),
        ("value", _number(record)),
        ("qualifier", "" if record.qualifier == "exact" else record.qualifier),
        ("change", "" if record.change == "none" else record.change),
        ("status", "" if record.status == "actual" else record.status),
        ("subject", record.subject or ""),
        ("basis", record.basis or ""),
        ("indicator", "" if record.indicator is None else record.indicator.id),
        ("place", "" if place is None else place.name + (f" ({place.code})" if place.code else "")),
        ("period", _days(record)),
        ("rule", record.rule),
        ("checks", ", ".join(record.checks)),
    ]
    return [(name, value) for name, value in fields if value]


def record(record: Record) -> str:
    """A record as a table of its fields; those that say nothing are left out."""
    cells = "".join(f"<tr><th style='text-align:left'>{name}</th><td style='text-align:left'>{escape(value)}</td></tr>" for name, value in _fields(record))
    return f"<div>{_mark(record.quote, record.kind)}<table>{cells}</table></div>"


def _marked(reading: Reading) -> str:
    """The text with its figures marked; of figures that cross, the first is."""
    text, out, at = reading.text, [], 0
    for found in reading:
        start, end = found.span.chars
        if start < at or end > TEXT:
            continue
        title = "\n".join(f"{name}: {value}" for name, value in _fields(found))
        out += [escape(text[at:start]), _mark(text[start:end], found.kind, title)]
        at = end
    out.append(escape(text[at:TEXT]) if at < TEXT else "")
    return "".join(out) + ("…" if len(text) > TEXT else "")


def reading(reading: Reading) -> str:
    """A text with its figures marked, and a line for each."""
    columns = ("quote", "value", "subject", "indicator", "place", "period")
    head = "".join(f"<th style='text-align:left'>{name}</th>" for name in columns)
    rows = []
    for found in reading:
        fields = dict(_fields(found))
        cells = "".join(f"<td style='text-align:left'>{escape(fields.get(name, ''))}</td>" for name in columns[1:])
        rows.append(f"<tr><td style='text-align:left'>{_mark(found.quote, found.kind)}</td>{cells}</tr>")
    text = f"<div style='white-space:pre-wrap;line-height:1.6;max-width:60em'>{_marked(reading)}</div>"
    return f"<div>{text}<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def table(table: Table) -> str:
    """The first rows of a table, each figure marked in its sentence; bad rows tell what is wrong."""
    wanted = [*COLUMNS, "kind", *(["error"] if "error" in table.column_names else [])]
    rows = []
    for cells in table._head(wanted, ROWS):
        row = dict(zip(wanted, cells, strict=True))
        error, kind, quote = row.pop("error", None), row.pop("kind") or "", row["quote"] or ""
        shown = {name: escape(value or "") for name, value in row.items()}
        before, found, after = (row["sentence"] or "").partition(quote) if quote else ("", "", "")
        if found:
            shown["sentence"] = escape(before) + _mark(found, kind) + escape(after)
        if error is not None:
            shown["sentence"] = f"<b>{escape(error)}</b>"
        rows.append("<tr>" + "".join(f"<td style='text-align:left'>{value}</td>" for value in shown.values()) + "</tr>")
    head = "".join(f"<th style='text-align:left'>{name}</th>" for name in COLUMNS)
    more = f"<p>{len(table):,} rows, the first {ROWS} shown</p>" if len(table) > ROWS else f"<p>{len(table):,} rows</p>"
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}</div>"
