"""Tables in, tables out: who can hand them over, which columns are used, and what becomes of bad rows."""

import datetime as dt
import os
import signal
import threading
import time
from decimal import Decimal

import duckdb
import pandas
import polars
import pyarrow as pa
import pytest

import solieu

TEXTS = ["Tỉnh Lai Châu có 94 xã.", "Không có gì.", "Thu 1.234,5 tỷ đồng, tăng 3,02%."]
DATA = pa.table({"id": ["a", "b", "c"], "text": TEXTS})


def quotes(table: solieu.Table) -> list[str]:
    return table.to_pyarrow()["quote"].to_pylist()


@pytest.mark.parametrize(
    "data",
    [
        DATA,
        DATA.to_batches()[0],
        DATA.to_reader(),
        pandas.DataFrame({"id": ["a", "b", "c"], "text": TEXTS}),
        polars.DataFrame({"id": ["a", "b", "c"], "text": TEXTS}),
        duckdb.from_arrow(DATA),
        solieu.extract_table(DATA),
    ],
    ids=["pyarrow", "batch", "reader", "pandas", "polars", "duckdb", "its own"],
)
def test_anything_that_speaks_arrow_is_taken(data):
    if isinstance(data, solieu.Table):
        again = solieu.extract_table(data, text="sentence")
        assert quotes(again)[0] == "94 xã"
        return
    assert quotes(solieu.extract_table(data)) == ["94 xã", "1.234,5 tỷ đồng", "3,02%"]


def test_the_table_opens_in_every_tool():
    table = solieu.extract_table(DATA)
    amounts = [Decimal("94"), Decimal("1234500000000"), Decimal("3.02")]
    assert table.to_pyarrow()["amount"].to_pylist() == amounts
    assert table.to_polars()["amount"].to_list() == amounts
    assert table.to_pandas()["amount"].tolist() == amounts
    arrow = table.to_pyarrow()  # noqa: F841, used by name in the query
    assert duckdb.sql("SELECT sum(amount) FROM arrow").fetchall()[0][0] == sum(amounts)
    assert table.metadata["solieu.rules"] == solieu.rules_hash() and len(table) == table.num_rows == 3


def test_no_data_gives_a_table_with_its_columns():
    empty = solieu.extract_table(DATA.slice(0, 0))
    assert len(empty) == 0 and empty.to_pyarrow().schema.equals(solieu.extract_table(DATA).to_pyarrow().schema)
    assert list(solieu.extract_stream(DATA.slice(0, 0))) == []


def test_columns_are_named_or_of_usual_names():
    frame = pandas.DataFrame({"nr": [7, 8], "body": ["Đến nay có 5 xã.", "Có 6 xã."], "day": pandas.to_datetime(["2024-03-05", None])})
    rows = solieu.extract_table(frame, text="body", id="nr", published="day", url=None).to_pyarrow().to_pylist()
    assert [(r["document"], r["published"], r["period_end"]) for r in rows] == [("7", dt.date(2024, 3, 5), dt.date(2024, 3, 5)), ("8", None, None)]
    numbered = solieu.extract_table(frame, text="body", id=None).to_pyarrow()
    assert numbered["document"].to_pylist() == ["1", "2"]
    days = pa.table({"id": ["a"], "text": ["Đến nay có 5 xã."], "published": pa.array([dt.date(2024, 3, 5)])})
    assert solieu.extract_table(days).to_pyarrow()["period_end"].to_pylist() == [dt.date(2024, 3, 5)]


def test_wrong_columns_tell_which_and_what_there_is():
    with pytest.raises(KeyError, match="no column `body`; the data has `id`, `text`"):
        solieu.extract_table(DATA, text="body")
    with pytest.raises(KeyError, match="no column `text`"):
        solieu.extract_table(DATA.rename_columns(["id", "t"]))
    with pytest.raises(KeyError, match="id=None"):
        solieu.extract_table(DATA.rename_columns(["x", "text"]))
    with pytest.raises(TypeError, match="column `text` holds Int64; `text` must be text"):
        solieu.extract_table(pa.table({"id": [1], "text": [2]}))
    with pytest.raises(TypeError, match="must be text or whole numbers"):
        solieu.extract_table(pa.table({"id": [1.5], "text": ["a"]}))
    with pytest.raises(TypeError, match="speaks no Arrow"):
        solieu.extract_table([{"id": 1}])
    for wrong in ({"errors": "skip"}, {"jobs": 0}):
        with pytest.raises(ValueError, match="use"):
            solieu.extract_table(DATA, **wrong)


def bad_rows() -> pa.Table:
    """Four bad rows between good ones; the last text is no UTF-8 although its column says so."""
    liar = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xff7")])
    text = pa.chunked_array([["Có 1 xã.", None, "Có 3 xã.", "Có 4 xã.", "Có 5 xã."], liar, ["Có 7 xã."]])
    return pa.table({"id": ["a", "b", None, "d", "e", "f", "g"], "text": text, "published": [None, None, None, "mai", "2024-01-02T03:04:05Z", None, None]})


def test_a_bad_row_is_a_row_of_its_own_and_no_other_is_lost():
    rows = solieu.extract_table(bad_rows(), errors="row", jobs=2).to_pyarrow().to_pylist()
    assert [(r["document_no"], r["document"], r["quote"]) for r in rows] == [
        (1, "a", "1 xã"),
        (2, "b", None),
        (3, None, None),
        (4, "d", None),
        (5, "e", "5 xã"),
        (6, "f", None),
        (7, "g", "7 xã"),
    ]
    reasons = [r["error"].split(";")[0] for r in rows if r["error"]]
    assert reasons == ["`text` is null", "`id` is null", '`published` is no date: "mai"', "`text` is not UTF-8 at byte 1"]
    assert all(r[name] is None for r in rows if r["error"] for name in r if name not in ("document_no", "document", "error"))


def test_a_bad_row_raises_with_its_place():
    with pytest.raises(solieu.RowError) as told:
        solieu.extract_table(bad_rows().slice(2))
    assert (told.value.row, told.value.id, told.value.reason) == (0, None, "`id` is null")
    with pytest.raises(solieu.RowError, match=r'row 1 \(id "b"\): `text` is null; give each row a text') as told:
        solieu.extract_table(bad_rows(), jobs=2)
    assert isinstance(told.value, ValueError) and told.value.advice
    with pytest.raises(pa.ArrowInvalid, match='row 1 .id "b".: `text` is null'):
        pa.RecordBatchReader.from_stream(solieu.extract_stream(bad_rows())).read_all()
    stream = solieu.extract_stream(bad_rows())
    with pytest.raises(solieu.RowError):
        list(stream)


def test_columns_of_the_data_are_kept_for_each_figure():
    data = DATA.append_column("day", pa.array([dt.date(2024, 1, d) for d in (1, 2, 3)])).append_column("tags", pa.array([["x"], None, ["y", "z"]]))
    rows = solieu.extract_table(data, keep=["day", "tags"], rules=True).to_pyarrow()
    assert rows.column_names[-3:] == ["day", "tags", "rules"]
    assert rows["day"].to_pylist() == [dt.date(2024, 1, 1), dt.date(2024, 1, 3), dt.date(2024, 1, 3)]
    assert rows["tags"].to_pylist() == [["x"], ["y", "z"], ["y", "z"]]
    assert set(rows["rules"].to_pylist()) == {solieu.rules_hash()}
    for wrong, error in ((["text2"], KeyError), (["id"], ValueError)):
        with pytest.raises(error, match="keep="):
            solieu.extract_table(data, keep=wrong)


def test_a_stream_reads_only_as_far_as_it_must():
    read = []

    def batches():
        for i in range(1000):
            read.append(i)
            yield pa.record_batch({"id": [str(i)], "text": ["Có 5 xã. " * 3000]})

    reader = pa.RecordBatchReader.from_batches(pa.schema({"id": pa.string(), "text": pa.string()}), batches())
    stream = solieu.extract_stream(reader, jobs=2)
    assert not read
    next(stream)
    assert 1 <= len(read) < 100
    assert sum(len(part) for part in stream) == 999 * 3000


def test_a_source_that_breaks_is_told():
    def batches():
        yield pa.record_batch({"id": ["a"], "text": ["Có 5 xã."]})
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"id": pa.string(), "text": pa.string()}), batches())
    with pytest.raises(solieu.Error, match="the disk is gone"):
        solieu.extract_table(reader)


def test_other_threads_run_while_texts_are_read():
    data = pa.table({"id": [str(i) for i in range(3000)], "text": ["Thu 1.234,5 tỷ đồng, tăng 3,02%. " * 100] * 3000})
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.01):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.monotonic()
    solieu.extract_table(data, jobs=1)
    took = time.monotonic() - start
    done.set()
    thread.join()
    assert took > 0.2, "too quick to tell"
    gaps = [b - a for a, b in zip(ticks, ticks[1:])]
    assert len(ticks) > took / 0.01 / 20 and max(gaps) < took / 2


def test_ctrl_c_ends_a_long_call():
    data = pa.table({"id": [str(i) for i in range(20_000)], "text": ["Thu 1.234,5 tỷ đồng, tăng 3,02%. " * 200] * 20_000})
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        solieu.extract_table(data)
    assert time.monotonic() - start < 10
