"""Reads the figures of articles in Parquet on Apache Spark and writes them as Parquet, partitioned by the rules that made them and by a column.

    spark-submit spark_job.py articles/ figures/ --by day
    python spark_job.py articles/ figures/ --by day --master 'local[4]'

In: Parquet with the columns `id`, `text` or `html`, and where there are any `published`, `title`, `url`, and the one of --by (such as the day
of the crawl). Out, below the output folder:

    records/rules=HASH/day=…/part-*.parquet   a row a figure, the columns of docs/columns.md without document_no
    errors/rules=HASH/day=…/part-*.parquet    a row for each bad row: document, error

It can be run again at any time: a partition is replaced whole or not at all, and what is there for these rules already is left alone,
unless --again is given. So a nightly run reads only the new day, and a run with new rules writes beside the old, ready to be compared.
Exit status: 0 all good, 1 some rows were bad (they are in errors/), 2 wrong usage.
"""

import argparse
import sys

from pyspark import StorageLevel
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import StringType, StructField, StructType

import solieu
import solieu.spark


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", help="folder or file of Parquet")
    parser.add_argument("output", help="folder to write into")
    parser.add_argument("--by", metavar="COLUMN", help="column of the articles to partition by")
    parser.add_argument("--patterns", metavar="DIR", help="a folder of rule files that extends and replaces the built-in ones")
    parser.add_argument("--partitions", type=int, metavar="N", help="tasks to cut the work into [default: as the files are cut]")
    parser.add_argument("--again", action="store_true", help="read again what is there for these rules")
    parser.add_argument("--master", help="where to run, as local[4]; by default as spark-submit says")
    return parser.parse_args()


def session(master: str | None) -> SparkSession:
    builder = SparkSession.builder.appName("solieu")
    builder = builder.master(master) if master else builder
    # A partition that a run writes replaces the one of an earlier run; the others stay. Their names are text: a day `01` is no number.
    builder = builder.config("spark.sql.sources.partitionOverwriteMode", "dynamic")
    return builder.config("spark.sql.sources.partitionColumnTypeInference.enabled", "false").getOrCreate()


def done(spark: SparkSession, output: str, rules: str) -> set[tuple]:
    """The partitions that a run with these rules has finished."""
    try:
        marks = spark.read.parquet(f"{output}/done").where(f.col("rules") == rules)
    except AnalysisException as error:
        if error.getCondition() != "PATH_NOT_FOUND":
            raise
        return set()
    return {tuple(row) for row in marks.drop("rules", "solieu").collect()}


def waiting(articles: DataFrame, keep: list[str], finished: set[tuple]) -> list[tuple]:
    """The partitions of the articles that are to be read; values as text."""
    found = articles.select(*(f.col(c).cast("string") for c in keep)).distinct() if keep else articles.select().limit(1)
    return sorted({tuple(row) for row in found.collect()} - finished, key=str)


def only(articles: DataFrame, keep: list[str], partitions: list[tuple]) -> DataFrame:
    if not keep:
        return articles
    column, values = f.col(keep[0]).cast("string"), [value for (value,) in partitions]
    return articles.where(column.isin([v for v in values if v is not None]) | (column.isNull() if None in values else f.lit(False)))


def remove(spark: SparkSession, path: str) -> None:
    path = spark._jvm.org.apache.hadoop.fs.Path(path)
    path.getFileSystem(spark._jsc.hadoopConfiguration()).delete(path, True)


def folder(spark: SparkSession, rules: str, keep: list[str], values: tuple) -> str:
    """The folder of a partition, escaped as Spark does it."""
    name = spark._jvm.org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils.getPartitionPathString
    return "/".join(name(column, value) for column, value in zip(["rules", *keep], [rules, *values], strict=True))


def write(spark: SparkSession, figures: DataFrame, output: str, keep: list[str], partitions: list[tuple], rules: str) -> tuple[int, int]:
    """Writes both tables, then the marks, and tells how many rows each has got."""
    counted = figures.groupBy(f.col("error").isNull(), *(f.col(c).cast("string") for c in keep)).count().collect()
    totals = []
    for name, rows, good in zip(("records", "errors"), solieu.spark.split(figures), (True, False), strict=True):
        rows.write.mode("overwrite").partitionBy("rules", *keep).parquet(f"{output}/{name}")
        counts = {tuple(values): count for is_good, *values, count in counted if is_good == good}
        # What an earlier run over other articles has left, where this one found nothing.
        for values in (p for p in partitions if p not in counts):
            remove(spark, f"{output}/{name}/{folder(spark, rules, keep, values)}")
        totals.append(sum(counts.values()))
    marks = [(*values, rules, solieu.__version__) for values in partitions]
    columns = StructType([StructField(name, StringType()) for name in (*keep, "rules", "solieu")])
    spark.createDataFrame(marks, columns).coalesce(1).write.mode("overwrite").partitionBy("rules", *keep).parquet(f"{output}/done")
    return totals[0], totals[1]


def main() -> int:
    wanted = arguments()
    spark = session(wanted.master)
    extractor = solieu.Extractor(patterns=wanted.patterns)
    rules, keep = extractor.rules_hash, [wanted.by] if wanted.by else []
    articles = spark.read.parquet(wanted.articles)
    if wanted.by and wanted.by not in articles.columns:
        print(f"spark_job: {wanted.articles} has no column `{wanted.by}`; it has {', '.join(articles.columns)}", file=sys.stderr)
        return 2
    partitions = waiting(articles, keep, set() if wanted.again else done(spark, wanted.output, rules))
    if not partitions:
        print(f"nothing to do: all is there for the rules {rules}")
        return 0
    articles = only(articles, keep, partitions)
    if wanted.partitions:
        articles = articles.repartition(wanted.partitions)
    # Read once: the figures wait on the disks of the workers until both tables are written.
    figures = solieu.spark.extract(articles, keep=keep, extractor=extractor).persist(StorageLevel.DISK_ONLY)
    good, bad = write(spark, figures, wanted.output, keep, partitions, rules)
    print(f"figures: {good}, bad rows: {bad}, partitions: {len(partitions)}, rules: {rules}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
