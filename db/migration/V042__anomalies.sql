-- What is usual for each operation: the learnt baseline of one of its measures, as bytes that hold
-- everything, and the verdict on the last stretch.
CREATE TABLE operation_baseline (
  operation text NOT NULL,
  measure   text NOT NULL CHECK (measure IN ('count', 'seconds')),
  baseline  bytea NOT NULL,
  judged_to timestamptz NOT NULL,
  PRIMARY KEY (operation, measure)
);
