-- What new rules change: the records of the same articles under two sets of rules, `before` and `after`, counted by what became of them.
-- Ids of records don't depend on the rules: the same id is the same figure at the same place. On what Spark has written:
--
--   CREATE VIEW before AS FROM read_parquet('figures/records/rules=aabc04c99b87fd90/**/*.parquet');
--   CREATE VIEW after  AS FROM read_parquet('figures/records/rules=0123456789abcdef/**/*.parquet');
--
-- DuckDB; without the list of columns it is plain SQL, which Spark runs as well.
WITH pairs AS (
  SELECT
    coalesce(a.document, b.document) AS document,
    coalesce(a.quote, b.quote) AS quote,
    coalesce(b.indicator, a.indicator) AS indicator,
    CASE WHEN a.id IS NULL THEN 'gone' WHEN b.id IS NULL THEN 'new' ELSE 'both' END AS side,
    list_filter(
      [
        CASE WHEN (a.kind, a.amount_text, a.amount_upper_text, a.amount_of_text, a.unit) IS DISTINCT FROM (b.kind, b.amount_text, b.amount_upper_text, b.amount_of_text, b.unit) THEN 'value' END,
        CASE WHEN (a.qualifier, a.change, a.status) IS DISTINCT FROM (b.qualifier, b.change, b.status) THEN 'status' END,
        CASE WHEN (a.subject, a.basis) IS DISTINCT FROM (b.subject, b.basis) THEN 'subject' END,
        CASE WHEN a.indicator IS DISTINCT FROM b.indicator THEN 'indicator' END,
        CASE WHEN (a.place, a.place_code) IS DISTINCT FROM (b.place, b.place_code) THEN 'place' END,
        CASE WHEN (a.period_start, a.period_end) IS DISTINCT FROM (b.period_start, b.period_end) THEN 'period' END
      ],
      lambda field: field IS NOT NULL
    ) AS fields
  FROM after AS a
  FULL JOIN before AS b ON a.document = b.document AND a.id = b.id
)
SELECT
  CASE WHEN side <> 'both' THEN side WHEN len(fields) = 0 THEN 'same' ELSE 'changed: ' || array_to_string(fields, ', ') END AS outcome,
  indicator,
  count(*) AS figures,
  min(document || ': ' || quote) AS example
FROM pairs
GROUP BY ALL
ORDER BY outcome, figures DESC, indicator;
