-- Only rows that nobody holds: what is left out comes with the next look, a second later.
WITH r AS MATERIALIZED (
  SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::int[]) AS r(job_id, fence, progress)),
free AS MATERIALIZED (
  SELECT j.job_id, r.progress
  FROM r JOIN job j USING (job_id)
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM r))
    AND j.fence = r.fence AND j.status = 'running' AND j.progress <> r.progress
  FOR NO KEY UPDATE OF j SKIP LOCKED)
UPDATE job j SET progress = free.progress
FROM free
WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM free)) AND j.job_id = free.job_id
