"""The figures of docs/scale.md: what one core reads, what one worker holds, how large the output is.

    python python/bench/scale.py [--mb 60]

One thread each, in a process of its own, so that the peak of memory is that of the work. Prints a line for each measure.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from bench import KINDS, ROOT, texts


def worker(what: str, source: str, out: str) -> None:
    """Streams a Parquet file through the extractor into another, as a task on a cluster does."""
    import solieu

    solieu.extract("Có 5 xã.")
    start, ready = cpu(), peak()
    file = pq.ParquetFile(source)
    reader = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(batch_size=256))
    stream = pa.RecordBatchReader.from_stream(solieu.extract_stream(reader, jobs=1))
    rows = 0
    with pq.ParquetWriter(out, stream.schema) as writer:
        for batch in stream:
            rows += batch.num_rows
            writer.write_batch(batch)
    told = {"what": what, "seconds": cpu() - start, "ready_mb": ready, "peak_mb": peak(), "rows": rows, "out": Path(out).stat().st_size}
    print(json.dumps(told))


def peak() -> float:
    """The most memory that this process has held, in MB; `getrusage` would count that of its parent."""
    return int(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def pages(size: int) -> list[str]:
    """The saved pages of the corpus, again and again."""
    some = [p.read_text(encoding="utf-8", errors="replace") for p in sorted((ROOT / "corpus/pages").glob("*.html"))]
    out, written = [], 0
    while written < size:
        out.append(some[len(out) % len(some)])
        written += len(out[-1].encode())
    return out


def portal(size: int) -> list[str]:
    """Articles as portals serve them: a page of about 60 KB, of which 2 KB are the article, the rest menus, lists of links, scripts."""
    articles = texts(2_000_000, 30)
    link = '<li class="item"><a href="/tin-tuc/{0}.html" title="Tin {0}">Tin trong tỉnh số {0} về sản xuất và đời sống</a></li>'
    links = "".join(link.format(i) for i in range(240))
    script = "<script>" + "var a={id:1,name:'menu',items:[1,2,3]};function f(x){return x*2}" * 300 + "</script>"
    out, written = [], 0
    while written < size:
        body = "".join(f"<p>{line}</p>" for line in articles[len(out) % len(articles)].splitlines()[:6])
        head = f"<!doctype html><html><head><meta charset=utf-8><title>Tin</title>{script}</head><body><ul class=menu>{links}</ul>"
        related = f"<ul class=related>{links[: len(links) // 3]}</ul>"
        out.append(f"{head}<div class=content><h1>Tin trong tỉnh</h1>{body}</div>{related}</body></html>")
        written += len(out[-1].encode())
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=60)
    parser.add_argument("--worker", nargs=3)
    wanted = parser.parse_args()
    if wanted.worker:
        worker(*wanted.worker)
        return
    size = int(wanted.mb * 1e6)
    inputs = {name: ("text", texts(size, percent)) for name, percent in KINDS.items()} | {"small pages": ("html", pages(size)), "pages of portals": ("html", portal(size))}
    with tempfile.TemporaryDirectory() as folder:
        for name, (column, rows) in inputs.items():
            source = f"{folder}/in.parquet"
            pq.write_table(pa.table({"id": [str(i) for i in range(len(rows))], column: rows}), source, compression="zstd", row_group_size=256)
            done = subprocess.run([sys.executable, __file__, "--worker", name, source, f"{folder}/out.parquet"], check=True, capture_output=True, text=True)
            told, given = json.loads(done.stdout), sum(len(r.encode()) for r in rows) / 1e6
            speed = f"{given / told['seconds']:.1f} MB/s a core, {len(rows) / told['seconds']:.0f} documents/s"
            memory = f"ready at {told['ready_mb']:.0f} MB, peak {told['peak_mb']:.0f} MB"
            print(f"{name}: {given:.0f} MB, {len(rows)} documents; {speed}; {memory}; {told['rows']} figures, {told['out'] / 1e6 / given:.2f} MB of Parquet a MB")


if __name__ == "__main__":
    main()
