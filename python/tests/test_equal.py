"""The package gives what the command line gives, byte for byte, over the corpus."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import CORPUS, solieu

import solieu as package


def table_of(articles: dict[str, str], kind: pa.DataType) -> pa.Table:
    return pa.table({"id": list(articles), "text": pa.array(list(articles.values()), pa.large_string()).cast(kind)})


def same(ours: pa.Table, theirs: pa.Table) -> None:
    """Tables of one schema, metadata included, and one content; the dictionaries of two batches may differ."""
    assert ours.schema.equals(theirs.schema, check_metadata=True), (ours.schema, theirs.schema)
    assert ours.num_rows == theirs.num_rows > 0
    assert ours.to_pylist() == theirs.to_pylist()


def written(tmp_path, *inputs, status: int = 0) -> pa.Table:
    out = tmp_path / "records.parquet"
    solieu("extract", *inputs, "-o", out, status=status)
    # What the file says of itself, readers of Parquet leave with the file.
    told = {key: value for key, value in pq.read_metadata(out).metadata.items() if key != b"ARROW:schema"}
    return pq.read_table(out).replace_schema_metadata(told)


def rows_file(tmp_path, rows: list[dict]):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_records_are_the_lines_of_the_command(articles):
    ours = "".join(package.extract(text, id=name).to_jsonl() for name, text in articles.items())
    assert ours.encode() == solieu("extract", CORPUS / "press")
    assert ours.count("\n") > 400


def test_published_title_and_url_count_as_in_rows(articles, tmp_path):
    told = {"published": "2024-02-29", "title": "Tỉnh Lai Châu năm 2023"}
    rows = [{"id": n, "text": t, **told, "url": f"https://example.org/{n}"} for n, t in articles.items()]
    ours = "".join(package.extract(r["text"], r["published"], id=r["id"], title=r["title"], url=r["url"]).to_jsonl() for r in rows)
    path = rows_file(tmp_path, rows)
    assert ours.encode() == solieu("extract", path)
    same(package.extract_table(pa.Table.from_pylist(rows)).to_pyarrow(), written(tmp_path, path))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()), pa.binary()], ids=str)
def test_tables_of_every_string_are_the_parquet_of_the_command(articles, tmp_path, kind):
    data = table_of(articles, pa.large_string()).set_column(1, "text", pa.chunked_array([as_kind(articles, kind)]))
    same(package.extract_table(data).to_pyarrow(), written(tmp_path, CORPUS / "press"))


def as_kind(articles: dict[str, str], kind: pa.DataType) -> pa.Array:
    texts = pa.array(list(articles.values()))
    return texts.dictionary_encode() if pa.types.is_dictionary(kind) else texts.cast(kind)


@pytest.mark.parametrize("jobs", [1, 2, 7, None])
def test_neither_jobs_nor_batches_change_a_row(articles, jobs):
    many = {f"{i}-{name}": text for i in range(30) for name, text in articles.items()}
    data = table_of(many, pa.string())
    expected = package.extract_table(data, jobs=1).to_pyarrow().to_pylist()
    for size in (1, 100, 10_000):
        found = package.extract_table(pa.Table.from_batches(data.to_batches(max_chunksize=size)), jobs=jobs)
        assert found.to_pyarrow().to_pylist() == expected


def test_a_stream_is_the_table(articles):
    data = table_of(articles, pa.string())
    expected = package.extract_table(data).to_pyarrow()
    streamed = pa.RecordBatchReader.from_stream(package.extract_stream(data)).read_all()
    assert streamed.schema.equals(expected.schema, check_metadata=True)
    assert streamed.to_pylist() == expected.to_pylist()
    parts = [part.to_pyarrow() for part in package.extract_stream(data.to_reader(max_chunksize=5))]
    assert len(parts) == 7 and pa.concat_tables(p.unify_dictionaries() for p in parts).to_pylist() == expected.to_pylist()


def test_pages_are_read_as_the_command_reads_them(tmp_path):
    pages = sorted((CORPUS / "pages").glob("*.html"))
    read = [json.loads(line) for line in solieu("read", *pages).splitlines()]
    for path, theirs in zip(pages, read, strict=True):
        ours = package.read_html(path.read_bytes())
        parts = ("text", "title", "published", "url")
        assert [getattr(ours, part) for part in parts] == [theirs[part] for part in parts]
        assert {**ours.origin, **({"notes": ours.notes} if ours.notes else {})} == theirs["from"]
    data = pa.table({"id": [str(p) for p in pages], "html": [p.read_bytes() for p in pages]})
    same(package.extract_table(data).to_pyarrow(), written(tmp_path, *pages))
    rows = rows_file(tmp_path, [{"id": p.name, "html": p.read_text(encoding="utf-8")} for p in pages])
    as_text = pa.table({"id": [p.name for p in pages], "html": [p.read_text(encoding="utf-8") for p in pages]})
    same(package.extract_table(as_text).to_pyarrow(), written(tmp_path, rows))


def test_files_are_what_the_command_reads(tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "text": "Có 5 xã."}\n{\n{"id": "b", "text": "Có 6 xã."}\n', encoding="utf-8")
    inputs = [CORPUS / "press", CORPUS / "pages", CORPUS / "silence", tmp_path / "bad.jsonl"]
    theirs = written(tmp_path, *inputs, status=1)
    ours = package.extract_files(*inputs, errors="row").to_pyarrow()
    faults = ours.filter(pa.compute.is_valid(ours["error"])).to_pylist()
    assert [f["document"] for f in faults] == [f"{tmp_path / 'bad.jsonl'}:2"] and faults[0]["error"].startswith("no JSON row")
    good = ours.filter(pa.compute.is_null(ours["error"])).drop_columns("error")
    assert good.to_pylist() == theirs.to_pylist()
    same(package.extract_files(CORPUS / "press").to_pyarrow(), written(tmp_path, CORPUS / "press"))


def test_explain_is_that_of_the_command():
    text = "Tính đến tháng 7/2022, cả nước có 5.813/8.227 xã đạt chuẩn nông thôn mới."
    assert package.explain(text, "2022-08-01") == solieu("rules", "explain", text, "--published", "2022-08-01").decode()


def test_own_rules_count_as_in_the_command(articles, tmp_path):
    rules = tmp_path / "rules" / "indicators"
    rules.mkdir(parents=True)
    (rules / "own.toml").write_text(RULES, encoding="utf-8")
    own = package.Extractor(patterns=tmp_path / "rules")
    assert own.rules_hash != package.rules_hash()
    text = "Đến hết năm 2024, tỉnh Hà Nam đã trồng 612.480 cây mắc mật."
    theirs = solieu("extract", "-", "--patterns", tmp_path / "rules", input=text.encode())
    assert own.extract(text).to_jsonl().encode() == theirs
    assert own.extract(text)[0].indicator == ("own.trees", None)
    assert package.extract(text)[0].indicator is None


RULES = '''
class = "indicator"
family = "own"
title = { vi = "Cây", en = "Trees" }

[[rule]]
id = "own.trees"
name = { vi = "Số cây mắc mật", en = "Trees of a kind" }
kinds = ["count"]
units = ["cây"]
since = "0.1"
why = "A rule of a test."
match = ["cây mắc mật"]

[[rule.example]]
text = "Năm 2024, tỉnh Hà Nam đã trồng 612.480 cây mắc mật."
expect = { quote = "612.480 cây", kind = "count", amount = "612480", unit = "cây", subject = "cây mắc mật", place = "Hà Nam", period = { start = "2024-01-01", end = "2024-12-31" } }
'''


def test_two_sets_of_rules_are_compared_by_their_tables(articles, tmp_path):
    """The query of examples/, over what two sets of rules read from the same texts."""
    import duckdb

    rules = tmp_path / "rules" / "indicators"
    rules.mkdir(parents=True)
    (rules / "own.toml").write_text(RULES, encoding="utf-8")
    text = "Đến hết năm 2024, tỉnh Hà Nam đã trồng 612.480 cây mắc mật."
    data = table_of({**articles, "trees": text}, pa.string())
    connection = duckdb.connect()
    connection.register("before", package.extract_table(data).to_pyarrow())
    connection.register("after", package.Extractor(patterns=tmp_path / "rules").extract_table(data).to_pyarrow())
    found = connection.execute((CORPUS.parent / "examples" / "compare_rules.sql").read_text(encoding="utf-8")).fetchall()
    changed = [row for row in found if row[0] != "same"]
    assert changed == [("changed: indicator", "own.trees", 1, "trees: 612.480 cây")]
    assert sum(row[2] for row in found) == len(package.extract_table(data))
