"""Records, readings, pages and extractors as Python objects."""

import copy
import datetime as dt
import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import solieu as command, with_own_unit

import solieu

HERE = Path(__file__).parent
TEXT = "Đến ngày 31/12/2022, tỉnh Hòa Bình có 73/129 xã đạt chuẩn nông thôn mới 😀, tăng từ 4 - 5% so với năm 2021."


def test_fields_have_types():
    reading = solieu.extract(TEXT, dt.date(2023, 1, 20), id="tin", url="https://example.org/tin")
    first, second = reading
    assert first.value == solieu.Value(Decimal(73), None, Decimal(129)) and isinstance(first.value.amount, Decimal)
    assert first.place == solieu.Place("Hòa Bình", "17", "province")
    assert first.period.end == dt.date(2022, 12, 31) and first.period.start is None
    assert first.indicator.id == "ntm.commune.met" and first.indicator.programme == "ntm"
    assert (second.value.amount, second.value.upper, second.unit, second.change) == (4, 5, "%", "increase")
    assert (first.kind, first.qualifier, first.status, first.document, first.checks) == ("ratio", "exact", "actual", "tin", [])
    assert second.link.startswith("https://example.org/tin#:~:text=") and first.rule == "ratio.slash"


def test_spans_are_indices_of_strings():
    for record in solieu.extract(TEXT):
        start, end = record.span.chars
        assert TEXT[start:end] == record.quote == TEXT.encode()[slice(*record.span.bytes)].decode()
        assert record.quote in TEXT[slice(*record.sentence)]


def test_a_reading_is_a_sequence():
    reading = solieu.extract(TEXT)
    assert isinstance(reading, Sequence) and len(reading) == 2 and reading[-1] is not reading[0]
    assert reading[-1] == list(reading)[1] and reading[:1] == [reading[0]] and reading[::-1] == [reading[1], reading[0]]
    assert reading.text == TEXT and reading.document == "-" and reading[1] in reading
    assert (reading.index(reading[1]), reading.count(reading[1])) == (1, 1)
    with pytest.raises(IndexError):
        reading[2]
    assert not solieu.extract("Không có gì.")


def test_records_go_through_json_and_pickle():
    for record in solieu.extract(TEXT):
        for again in (solieu.Record.from_json(record.to_json()), pickle.loads(pickle.dumps(record)), copy.deepcopy(record)):
            assert again == record and hash(again) == hash(record) and again.to_json() == record.to_json()
        assert record.to_dict() == json.loads(record.to_json())
    with pytest.raises(ValueError, match="no record"):
        solieu.Record.from_json("{}")
    assert solieu.extract(TEXT)[0] != solieu.extract(TEXT)[1]


def test_wrong_calls_tell_what_to_do():
    with pytest.raises(solieu.Error, match="YYYY-MM-DD"):
        solieu.extract(TEXT, "20/01/2023")
    with pytest.raises(TypeError):
        solieu.extract(b"bytes")
    with pytest.raises(UnicodeEncodeError):
        solieu.extract("\ud800")
    with pytest.raises(solieu.Error, match="klingon"):
        solieu.read_html("<p>", encoding="klingon")
    with pytest.raises(ValueError, match="name files"):
        solieu.extract_files()
    with pytest.raises(solieu.RowError, match="cannot be opened"):
        solieu.extract_files("nowhere.txt")
    with pytest.raises(solieu.RulesError, match="no such folder"):
        solieu.Extractor(patterns="nowhere")


def test_faults_of_rules_are_told_with_file_and_line(tmp_path):
    (tmp_path / "a.toml").write_text('class = "nothing"\n', encoding="utf-8")
    with pytest.raises(solieu.RulesError, match=r"a\.toml:1:") as told:
        solieu.Extractor(patterns=tmp_path)
    assert "\x1b" not in str(told.value)


def test_extractors_travel_with_their_rules(tmp_path):
    assert pickle.loads(pickle.dumps(solieu.Extractor())).rules_hash == solieu.rules_hash()
    own = with_own_unit(tmp_path)
    packed = pickle.dumps(own)
    again = pickle.loads(packed)
    text = "Sản lượng đạt 5 giạ thóc."
    assert again.rules_hash == own.rules_hash != solieu.rules_hash()
    assert again.extract(text).to_jsonl() == own.extract(text).to_jsonl()
    assert again.extract(text)[0].unit == "giạ"


def test_threads_share_one_extractor():
    expected = solieu.extract(TEXT).to_jsonl()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: solieu.extract(TEXT).to_jsonl(), range(200))) == {expected}


def test_a_page_is_read_with_its_sources():
    text = "Toàn tỉnh có 94 xã đạt chuẩn nông thôn mới. " * 20
    html = f"<html><head><title>T</title></head><body><article><h1>Tin</h1><p>{text}</p></article></body></html>"
    page = solieu.read_html(html, "https://example.org/tin")
    assert page.text.count("94 xã") == 20 and page.url == "https://example.org/tin" and page.origin["url"] == "given"
    tcvn = solieu.read_html("<p>x</p>".encode(), encoding="windows-1258")
    assert tcvn.origin["encoding"].startswith("windows-1258")


def test_notebooks_show_marked_figures():
    reading = solieu.extract("Có <b>94 xã</b> & 5 hộ.")
    shown = reading._repr_html_()
    assert "&lt;b&gt;<mark" in shown and ">94 xã</mark>&lt;/b&gt; &amp;" in shown and "<b>" not in shown
    assert "94 xã" in reading[0]._repr_html_()
    table = solieu.extract_table(pa.table({"id": ["<i>", "b"], "text": ["Có <b>94 xã</b>.", None]}), errors="row")
    shown = table._repr_html_()
    assert "&lt;i&gt;" in shown and ">94 xã</mark>" in shown and "`text` is null" in shown and "2 rows" in shown


def test_import_is_quick_and_pulls_nothing():
    code = "import sys, solieu; print([m for m in ('numpy', 'pandas', 'polars', 'pyarrow', 'pyspark') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_version_is_that_of_the_command():
    assert command("--version").decode().strip() == f"solieu {solieu.__version__}"


def test_the_stubs_say_what_the_module_has():
    stubtest = [sys.executable, "-m", "mypy.stubtest", "solieu._solieu", "--mypy-config-file", HERE.parent / "pyproject.toml"]
    done = subprocess.run(stubtest, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_docstring_of_the_package_holds():
    import doctest

    assert doctest.testmod(solieu).failed == 0
