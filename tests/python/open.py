"""Opens every output with the tools of researchers, and checks it with the real validators.

python open.py FOLDER: the folder holds what tests/python.rs has written.
"""

import json
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.parquet
from frictionless import Package
from pysdmx.io import read_sdmx

folder = Path(sys.argv[1])
records = [json.loads(line) for line in (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()]
amounts = [Decimal(r["value"]["amount"]) for r in records]
whole = sum(amounts)
assert Decimal("3.02") in amounts


def decimals(values):
    """Amounts as exact decimals, from whatever a tool makes of them."""
    return [Decimal(str(v)) for v in values]


def csv():
    path = folder / "records.csv"
    table = pandas.read_csv(path, dtype={"amount": str, "place_code": str}, parse_dates=["period_end"])
    assert decimals(table["amount"]) == amounts and 3.02 in table["amount"].astype(float).tolist()
    assert table["quote"].tolist() == [r["quote"] for r in records]
    assert table["period_end"].dtype.kind == "M"
    table = polars.read_csv(path, schema_overrides={"amount": polars.String}, infer_schema_length=None)
    assert decimals(table["amount"]) == amounts
    found = duckdb.sql(f"SELECT sum(amount) FROM read_csv('{path}', types = {{'amount': 'DECIMAL(38, 12)'}})").fetchall()[0][0]
    assert found == whole, (found, whole)
    excel = pandas.read_csv(folder / "excel.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert len(excel) == len(records) and 3.02 in excel["amount"].tolist()
    assert (folder / "excel.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for start in "=+-@":
        assert not excel["document"].str.startswith(start).any()


def parquet():
    path = folder / "records.parquet"
    table = pyarrow.parquet.read_table(path)
    assert str(table.schema.field("amount").type) == "decimal128(38, 9)"
    assert str(table.schema.field("unit").type).startswith("dictionary")
    assert table.column("amount_text").to_pylist() == [r["value"]["amount"] for r in records]
    assert pyarrow.parquet.read_metadata(path).metadata[b"solieu.schema_version"] == b"1"
    assert len(pyarrow.parquet.read_metadata(path).metadata[b"solieu.rules"]) == 16
    assert table.column("period_end").to_pylist() == pandas.to_datetime([(r["period"] or {}).get("end") for r in records]).map(
        lambda d: None if pandas.isna(d) else d.date()
    ).tolist()
    exact = [a if a is not None else Decimal(t) for a, t in zip(table.column("amount").to_pylist(), table.column("amount_text").to_pylist())]
    assert exact == amounts
    frame = pandas.read_parquet(path)
    assert frame["amount_float"].tolist() == [float(a) for a in amounts]
    assert sum(polars.read_parquet(path)["amount"].drop_nulls()) == sum(a for a in table.column("amount").to_pylist() if a is not None)
    told = duckdb.sql(f"SELECT amount::VARCHAR, typeof(amount) FROM '{path}' WHERE quote LIKE '3,02%'").fetchall()[0]
    assert told == ("3.020000000", "DECIMAL(38,9)"), told
    # A number with more than nine decimals is null as a decimal and exact as text.
    long = frame[frame["amount"].isna()]
    assert long["amount_text"].tolist() == ["0.12345678912"], long


def sqlite():
    db = sqlite3.connect(folder / "records.sqlite")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA foreign_key_check").fetchone() is None
    rows = db.execute("SELECT document, amount, amount_float, url FROM figures ORDER BY document_no, figure_no").fetchall()
    assert [r[0] for r in rows] == [r["document"] for r in records]
    assert decimals(r[1] for r in rows) == amounts
    documents, figures = db.execute("SELECT count(*), sum(figures) FROM documents").fetchone()
    assert figures == len(records) and documents > len({r["document"] for r in records})
    frame = pandas.read_sql("SELECT kind, count(*) AS n FROM records GROUP BY kind", db)
    assert frame["n"].sum() == len(records)


def package():
    path = folder / "package" / "datapackage.json"
    report = Package(str(path)).validate()
    assert report.valid, report.flatten(["type", "message"])
    rows = Package(str(path)).get_resource("records").read_rows()
    assert [r["amount"] for r in rows] == amounts
    schema = Path(sys.prefix) / "bin" / "check-jsonschema"
    lines = folder / "lines"
    lines.mkdir(exist_ok=True)
    for i, record in enumerate(records[:40]):
        (lines / f"{i}.json").write_text(json.dumps(record), encoding="utf-8")
    subprocess.run([schema, "--schemafile", folder / "schema.json", *sorted(lines.iterdir())], check=True, stdout=subprocess.DEVNULL)
    (profile,) = Path(sys.prefix).glob("lib/python*/site-packages/datapackage/profiles/data-package.json")
    subprocess.run([schema, "--schemafile", profile, path], check=True, stdout=subprocess.DEVNULL)


def annotations():
    for line, record in zip((folder / "annotations.jsonl").read_text(encoding="utf-8").splitlines(), records, strict=True):
        annotation = json.loads(line)
        assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld" and annotation["type"] == "Annotation"
        assert json.loads(annotation["body"][0]["value"]) == record
        quote = annotation["target"]["selector"][0]
        assert (quote["type"], quote["exact"]) == ("TextQuoteSelector", record["quote"])


def sdmx():
    (dataset,) = read_sdmx(folder / "observations.csv", validate=False).data
    table = dataset.data
    key = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "STATUS", "CHANGE", "FIGURE"]
    assert not table[key].isna().any().any() and not table.duplicated(key).any()
    catalogued = {r["id"]: r["value"]["amount"] for r in records if r["indicator"] and r["period"] and r["period"]["end"]}
    assert dict(zip(table["FIGURE"], map(str, table["OBS_VALUE"]))).keys() == catalogued.keys()
    # pysdmx itself reads numbers as floats; the file has them exactly.
    assert all(float(v) == float(catalogued[f]) for f, v in zip(table["FIGURE"], table["OBS_VALUE"]))
    assert polars.read_csv(folder / "observations.csv", infer_schema=False)["OBS_VALUE"].to_list() == list(catalogued.values())


for check in (csv, parquet, sqlite, package, annotations, sdmx):
    check()
    print(check.__name__, "ok")
