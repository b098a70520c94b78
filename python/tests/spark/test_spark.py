"""The extractor on real Spark: a local cluster of two executor processes, so that workers can die.

A step of its own in `.ci/run`, since PySpark is a large download. Needs Java 17.
"""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest

os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
os.environ.setdefault("SPARK_SCALA_VERSION", "2.13")
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import CORPUS, ROOT, solieu as command, with_own_unit  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

import solieu  # noqa: E402
import solieu.spark  # noqa: E402

#: SOLIEU_SPARK_MASTER names another, as local[2], where two executors are too much for a machine.
MASTER = os.environ.get("SOLIEU_SPARK_MASTER", "local-cluster[2,1,1024]")


@pytest.fixture(scope="module")
def spark():
    builder = SparkSession.builder.master(MASTER).appName("test").config("spark.ui.enabled", "false").config("spark.executor.memory", "768m")
    builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.driver.host", "127.0.0.1")
    # Executors import the package from where the driver has it.
    builder = builder.config("spark.executorEnv.PYTHONPATH", os.pathsep.join([str(Path(solieu.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]))
    session = builder.getOrCreate()
    yield session
    session.stop()


def articles(copies: int = 1) -> list[dict]:
    """The corpus, so many times, over three days."""
    paths = sorted((CORPUS / "press").glob("*.txt"))
    return [
        {"id": f"{n:03}-{p.name}", "text": p.read_text(encoding="utf-8"), "published": "2024-02-29", "day": f"2024-03-0{i % 3 + 1}"}
        for n in range(copies)
        for i, p in enumerate(paths)
    ]


def expected(rows: list[dict], tmp_path: Path) -> list[dict]:
    """What the command line makes of the good rows, without the number of the document."""
    source, out = tmp_path / "expected.jsonl", tmp_path / "expected.parquet"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    command("extract", source, "-o", out)
    return ordered(pq.read_table(out).drop_columns("document_no").to_pylist())


def ordered(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: (row["document"], row["figure_no"]))


COLUMNS = solieu.spark.schema().fieldNames()[:-2]


def test_a_cluster_gives_what_the_command_gives_and_bad_rows_stand_aside(spark, tmp_path):
    rows = articles(3)
    bad = [{"id": "bad-text", "text": None, "published": None, "day": "2024-03-01"}, {"id": None, "text": "Có 5 xã.", "published": None, "day": "2024-03-02"}]
    bad.append({"id": "bad-day", "text": "Có 5 xã.", "published": "mai", "day": "2024-03-03"})
    data = spark.createDataFrame(rows[:40] + bad + rows[40:], "id string, text string, published string, day string").repartition(6)
    records, errors = solieu.spark.split(solieu.spark.extract(data, keep=["day"]).cache())
    found = records.toArrow()
    assert ordered(found.select(COLUMNS).to_pylist()) == expected(rows, tmp_path)
    days = {row["id"]: row["day"] for row in rows}
    assert all(row["day"] == days[row["document"]] and row["rules"] == solieu.rules_hash() for row in found.to_pylist())
    told = sorted(errors.toArrow().to_pylist(), key=lambda row: str(row["document"]))
    assert [(row["document"], row["day"], row["error"].split(";")[0]) for row in told] == [
        (None, "2024-03-02", "`id` is null"),
        ("bad-day", "2024-03-03", '`published` is no date: "mai"'),
        ("bad-text", "2024-03-01", "`text` is null"),
    ]


def test_wrong_columns_fail_on_the_driver(spark):
    data = spark.createDataFrame([("a", "b")], "key string, text string")
    with pytest.raises(KeyError, match="no column `id`"):
        solieu.spark.extract(data)
    with pytest.raises(ValueError, match="make an id"):
        solieu.spark.extract(data, id=None)


def test_rules_travel_with_the_job(spark, tmp_path):
    own = with_own_unit(tmp_path)
    data = spark.createDataFrame([("a", "Tuyến đường liên xã dài 12,5 giạ.")], "id string, text string")
    row = solieu.spark.extract(data, extractor=own).first()
    assert (row["unit"], row["rules"]) == ("giạ", own.rules_hash)


@pytest.mark.parametrize("victim", ["python", "executor"])
def test_a_worker_that_is_killed_loses_nothing(spark, tmp_path, victim):
    """The first task that reads the marked article kills its own process, or with it the executor that runs it."""
    if victim == "executor" and not MASTER.startswith("local-cluster"):
        pytest.skip("in this mode the executor is the driver itself")
    rows = articles(4)
    flag = tmp_path / "killed"
    data = spark.createDataFrame(rows, "id string, text string, published string, day string").repartition(8)

    def deadly(batches):
        import signal

        for batch in batches:
            yield batch
            try:
                flag.touch(exist_ok=False)
            except FileExistsError:
                continue
            if victim == "executor":
                # Python worker, its daemon, the Java process of the executor.
                executor = int(Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()[1])
                flag.write_text(Path(f"/proc/{executor}/comm").read_text().strip())
                os.kill(executor, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    dying = data.mapInArrow(deadly, data.schema)
    found = solieu.spark.extract(dying).where("error IS NULL").toArrow()
    assert flag.exists(), "nobody was killed"
    assert victim == "python" or flag.read_text() == "java"
    assert ordered(found.select(COLUMNS).to_pylist()) == expected(rows, tmp_path)


JOB = ROOT / "examples" / "spark_job.py"


@pytest.fixture
def job(spark, monkeypatch, capsys):
    """Runs the job in the session that is there, which saves starts: gives its status and what it prints."""

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", [str(JOB), *map(str, arguments)])
        status = runpy.run_path(str(JOB))["main"]()
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def test_the_job_can_be_run_again_at_any_time(job, tmp_path):
    rows, source, out = articles(), tmp_path / "articles", tmp_path / "figures"
    source.mkdir()
    pq.write_table(pa.Table.from_pylist([r for r in rows if r["day"] != "2024-03-03"]), source / "a.parquet")
    status, told = job(source, out, "--by", "day")
    assert status == 0 and "partitions: 2" in told, told

    def files():
        return {path.relative_to(out): path.read_bytes() for path in out.rglob("*.parquet")}

    before = files()
    assert "nothing to do" in job(source, out, "--by", "day")[1] and files() == before
    late = [r for r in rows if r["day"] == "2024-03-03"] + [{"id": "bad", "text": None, "published": None, "day": "2024-03-03"}]
    pq.write_table(pa.Table.from_pylist(late), source / "b.parquet")
    status, told = job(source, out, "--by", "day")
    assert status == 1 and "bad rows: 1, partitions: 1" in told, told
    assert {path: data for path, data in files().items() if path in before} == before
    found = pq.read_table(out / "records")
    assert ordered(found.select(COLUMNS).to_pylist()) == expected(rows, tmp_path)
    assert pq.read_table(out / "errors").to_pylist()[0]["document"] == "bad"
    pq.write_table(pa.Table.from_pylist(late[:-1]), source / "b.parquet")
    status, told = job(source, out, "--by", "day", "--again")
    assert status == 0 and "partitions: 3" in told, told
    assert not list((out / "errors").rglob("*.parquet"))
    assert ordered(pq.read_table(out / "records").select(COLUMNS).to_pylist()) == expected(rows, tmp_path)


def test_the_job_runs_as_a_program(tmp_path):
    source = tmp_path / "articles.parquet"
    pq.write_table(pa.Table.from_pylist(articles()), source)

    def run(*arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, JOB, source, tmp_path / "out", "--master", "local[2]", *arguments]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)

    done = run()
    assert done.returncode == 0 and "partitions: 1" in done.stdout, done.stdout + done.stderr
    assert ordered(pq.read_table(tmp_path / "out" / "records").select(COLUMNS).to_pylist()) == expected(articles(), tmp_path)
    wrong = run("--by", "month")
    assert wrong.returncode == 2 and "no column `month`" in wrong.stderr
