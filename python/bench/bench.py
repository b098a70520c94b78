"""Throughput of the package beside the command line and beside what else a Python user would reach for, in one run on the same texts.

    python python/bench/bench.py --program target/release/solieu [--mb 16] [--rounds 5] [--json FILE]

All on one thread, in CPU seconds of the process that does the work; the best of some rounds, in which all take their turn: on a shared machine
one and the same program takes a fifth more or less from one round to the next, and more rounds bring the best closer to what it can do. Texts are those of benches/throughput.rs: articles of the corpus with sentences without figures between their lines, dense
(a figure every 100 bytes) and ordinary (every 500). The peers are slow, and read the first part of the texts only. None of them knows
Vietnamese; they are here because they are what a search for such a package finds.

Exits with 1 when the overhead over the command line is 10 % or more.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import regex_script

import solieu

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"dense press text": 30, "ordinary news": 670}
ROUNDS = 5
#: Most that the binding may cost, as a share of the command line.
OVERHEAD = 0.10
#: Of how many bytes the slow ones read.
SLOW = {"quantulum3": 40_000, "recognizers-text-suite": 40_000}


def texts(size: int, percent: int) -> list[str]:
    articles = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "corpus/press").glob("*.txt"))]
    filler = (ROOT / "benches/filler.txt").read_text(encoding="utf-8").splitlines()
    out, written = [], 0
    while written < size:
        out.append(diluted(articles[len(out) % len(articles)], filler, percent, len(out)))
        written += len(out[-1].encode())
    return out


def diluted(article: str, filler: list[str], percent: int, seed: int) -> str:
    lines, following = [], seed
    for line in article.splitlines():
        wanted = len(line.encode()) * percent // 100
        parts, added = [line], 0
        while added < wanted:
            parts.append(filler[following % len(filler)])
            added += len(parts[-1].encode()) + 1
            following += 7
        lines.append(" ".join(parts))
    return "\n".join(lines) + "\n"


def within(size: int, all_texts: list[str]) -> list[str]:
    """The first texts, up to a size; at least one."""
    out, written = [], 0
    for text in all_texts:
        if out and written + len(text.encode()) > size:
            break
        out.append(text)
        written += len(text.encode())
    return out


def command(program: Path, source: Path, out: Path) -> Callable[[], int]:
    def run() -> int:
        subprocess.run([program, "extract", source, "-o", out, "--jobs", "1"], check=True)
        return 0

    return run


def quantulum(given: list[str]) -> int:
    from quantulum3 import parser

    return sum(len(parser.parse(text)) for text in given)


def recognizers(given: list[str]) -> int:
    from recognizers_number_with_unit import Culture, recognize_currency, recognize_dimension
    from recognizers_number import recognize_number, recognize_percentage

    kinds = (recognize_number, recognize_percentage, recognize_currency, recognize_dimension)
    return sum(len(kind(text, Culture.English)) for text in given for kind in kinds)


def fields(text: str) -> int:
    return len([(r.value, r.unit, r.subject, r.place, r.period) for r in solieu.extract(text)])


def spent(work: Callable[[], int], child: bool) -> tuple[float, int]:
    """CPU seconds of this process, or of the programs that it starts."""
    who = resource.RUSAGE_CHILDREN if child else resource.RUSAGE_SELF
    before = resource.getrusage(who)
    found = work()
    after = resource.getrusage(who)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, found


def measure(name: str, given: list[str], program: Path, folder: Path, rounds: int, peers: bool) -> dict[str, float]:
    """Megabytes of text a CPU second, by what reads them."""
    source, parquet = folder / "in.jsonl", folder / "in.parquet"
    source.write_text("".join(json.dumps({"id": str(i), "text": t}, ensure_ascii=False) + "\n" for i, t in enumerate(given)), encoding="utf-8")
    table = pa.table({"id": [str(i) for i in range(len(given))], "text": given})
    pq.write_table(table, parquet, compression="zstd")
    solieu.extract("Có 5 xã.")

    def from_parquet_to_parquet() -> int:
        found = solieu.extract_table(pq.ParquetFile(parquet).read(), jobs=1)
        pq.write_table(found.to_pyarrow(), folder / "ours.parquet", compression="snappy")
        return len(found)

    runs: dict[str, tuple[Callable[[], int], bool, list[str]]] = {
        "command, JSONL to JSONL": (command(program, source, folder / "out.jsonl"), True, given),
        "command, JSONL to Parquet": (command(program, source, folder / "out.parquet"), True, given),
        "package, Arrow to Arrow": (lambda: len(solieu.extract_table(table, jobs=1)), False, given),
        "package, Parquet to Parquet": (from_parquet_to_parquet, False, given),
        "package, loop over texts": (lambda: sum(len(solieu.extract(t)) for t in given), False, given),
        "package, loop, fields read": (lambda: sum(map(fields, given)), False, given),
        "re script": (lambda: sum(len(regex_script.figures(t)) for t in given), False, given),
    }
    if peers:
        for peer, read in (("quantulum3", quantulum), ("recognizers-text-suite", recognizers)):
            part = within(SLOW[peer], given)
            read([part[0][:200]])
            runs[peer] = (lambda read=read, part=part: read(part), False, part)
    best: dict[str, float] = {}
    figures: dict[str, int] = {}
    for _ in range(rounds):
        for what, (work, child, part) in runs.items():
            if what in SLOW and what in best:
                continue
            took, figures[what] = spent(work, child)
            speed = sum(len(t.encode()) for t in part) / 1e6 / took
            best[what] = max(best.get(what, 0.0), speed)
    expected = pq.read_metadata(folder / "out.parquet").num_rows
    assert figures["package, Arrow to Arrow"] == figures["package, loop over texts"] == expected, (figures, expected)
    show(name, given, best, figures)
    return best


def show(name: str, given: list[str], best: dict[str, float], figures: dict[str, int]) -> None:
    megabytes = sum(len(t.encode()) for t in given) / 1e6
    base = best["command, JSONL to JSONL"]
    print(f"{name}: {megabytes:.0f} MB, {len(given)} texts, {figures['package, Arrow to Arrow']} figures")
    for what, speed in best.items():
        print(f"  {what:30} {speed:9.3f} MB/s {speed / base:9.4f} of the command")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="the command line program, a release build")
    parser.add_argument("--mb", type=float, default=16, help="size of the texts")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of how many rounds the best counts")
    parser.add_argument("--no-peers", action="store_true", help="without the peers, which need packages of their own")
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    wanted = parser.parse_args()
    results, start = {}, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for name, percent in KINDS.items():
            results[name] = measure(name, texts(int(wanted.mb * 1e6), percent), wanted.program, Path(folder), wanted.rounds, not wanted.no_peers)
    if wanted.json:
        wanted.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    worst = max(r["command, JSONL to Parquet"] / r["package, Arrow to Arrow"] for r in results.values()) - 1
    worst_lines = max(r["command, JSONL to JSONL"] / r["package, Arrow to Arrow"] for r in results.values()) - 1
    took = time.monotonic() - start
    print(f"overhead over the command, worst of both: {worst:+.1%} (to Parquet), {worst_lines:+.1%} (to JSONL); {os.cpu_count()} cores, {took:.0f} s")
    return int(worst_lines >= OVERHEAD)


if __name__ == "__main__":
    sys.exit(main())
