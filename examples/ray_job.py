"""Reads the figures of articles in Parquet with Ray Data and writes them as Parquet: the same wheel as on Spark, where Ray is at hand.

    pip install 'ray[data]' pyarrow solieu-*.whl
    python ray_job.py articles/ figures/

In: Parquet with the columns `id`, `text` or `html`, and where there are any `published`, `title`, `url`. Out: `figures/records/`, a row a figure,
and `figures/errors/`, a row for each bad row. Batches are Arrow, and one thread works in each task.
"""

import argparse

import pyarrow as pa
import pyarrow.compute as pc
import ray

import solieu


def figures(batch: pa.Table) -> pa.Table:
    """The figures of some articles; without the number of the row in its batch, and without dictionaries, which differ from batch to batch."""
    found = solieu.extract_table(batch, errors="row", rules=True, jobs=1).to_pyarrow().drop_columns("document_no")
    plain = [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in found.schema]
    return found.cast(pa.schema(plain))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", help="folder or file of Parquet")
    parser.add_argument("output", help="folder to write into")
    wanted = parser.parse_args()
    found = ray.data.read_parquet(wanted.articles).map_batches(figures, batch_format="pyarrow", batch_size=256).materialize()
    for name, wrong in (("records", False), ("errors", True)):
        rows = found.map_batches(lambda table, wrong=wrong: table.filter(pc.equal(pc.is_valid(table["error"]), wrong)), batch_format="pyarrow")
        rows.write_parquet(f"{wanted.output}/{name}")
        print(f"{name}: {rows.count()}")


if __name__ == "__main__":
    main()
