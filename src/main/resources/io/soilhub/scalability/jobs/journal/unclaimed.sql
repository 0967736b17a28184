-- Ids that a claim did not take and that are not another worker's: not due yet, of a type that this
-- replica does not know, or given back between the claim and this look.
SELECT * FROM (
  SELECT job_id, job_type, status, extract(epoch FROM run_at - now()) * 1000 AS due_ms,
         job_type = ANY (?::text[]) AS known
  FROM job WHERE job_id = ANY (?::uuid[]) AND status IN ('pending', 'retrying', 'running')) AS j
WHERE status <> 'running' OR due_ms > 0 OR NOT known
