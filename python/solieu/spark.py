"""The extractor on Apache Spark: batches of Arrow go in and out of the workers, no row goes through Python.

Takes a DataFrame with a row a document, gives a DataFrame with a row a figure. Needs PySpark 4 and pyarrow on the driver, and this package on
the workers. One thread works in each task; Spark starts as many tasks as it has core slots.

>>> figures = solieu.spark.extract(spark.read.parquet("articles"), keep=["day"])
>>> records, faults = solieu.spark.split(figures)

A worker that dies is no matter for this module: Spark runs its task again, and the same rows give the same records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructField, StructType

import solieu
from solieu._types import Column

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Numbers the rows of one batch, which says nothing on a cluster.
LOCAL = "document_no"


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema without what Spark has no type for: dictionaries, views, large strings; and without the number of the row."""
    fields = []
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        fields.append(field.with_type(pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind).with_nullable(True))
    return pa.schema(field for field in fields if field.name != LOCAL)


def schema() -> StructType:
    """The columns of the figures, but for those that are kept from the documents: what `--format parquet` writes without `document_no`, then
    `rules`, the hash of the rules, and `error`, what is wrong with a row of the documents; null for a figure."""
    empty = pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    return from_arrow_schema(_plain(solieu.extract_table(empty, rules=True, errors="row").to_pyarrow().schema))


def extract(
    documents: DataFrame,
    *,
    text: Column = ...,
    id: Column = ...,
    published: Column = ...,
    title: Column = ...,
    url: Column = ...,
    html: Column = ...,
    keep: Sequence[str] = (),
    extractor: solieu.Extractor | None = None,
) -> DataFrame:
    """The figures of a DataFrame of documents: one row a figure, and one for each bad row, with `error` set (see `split`).

    Columns are named as in `solieu.extract_table`; ids must be given, since rows of a cluster have no numbers. `keep` names columns of the
    documents that are repeated for each figure, such as one to partition by. `extractor` brings rules of its own, which travel with
    the job. Column `rules` is the hash of the rules that made a row.

    Raises `ValueError` for `id=None`, and as `extract_table` for columns that are not there, before the job starts.
    """
    if id is None:
        raise ValueError("id=None: rows of a cluster have no numbers; make an id, for instance from the address")
    own = extractor or solieu.Extractor()
    names: dict[str, Any] = {"text": text, "id": id, "published": published, "title": title, "url": url, "html": html}
    keep = list(keep)
    # Fails here, with the names of the columns, and not on a worker.
    own.extract_table(to_arrow_schema(documents.schema).empty_table(), **names, keep=keep, errors="row")
    kept = [StructField(name, documents.schema[name].dataType) for name in keep]
    fields = schema().fields
    columns = StructType([*fields[:-2], *kept, *fields[-2:]])

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        first = next(batches, None)
        if first is None:
            return
        reader = pa.RecordBatchReader.from_batches(first.schema, _chain(first, batches))
        stream = own.extract_stream(reader, **names, keep=keep, errors="row", rules=True, jobs=1)
        for batch in pa.RecordBatchReader.from_stream(stream):
            plain = _plain(batch.schema)
            yield batch.drop_columns([LOCAL]).cast(plain)

    return documents.mapInArrow(work, columns)


def _chain(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def split(figures: DataFrame) -> tuple[DataFrame, DataFrame]:
    """The records, and the side table of bad rows: `document`, what was kept, `rules`, `error`.

    Both read `figures`: cache it, or write it once and split what was written, where the documents should be read once.
    """
    names = figures.columns
    kept = names[names.index("checks") + 1 : -2]
    return figures.where("error IS NULL").drop("error"), figures.where("error IS NOT NULL").select("document", *kept, "rules", "error")
