-- Progress goes in where it changed; back come the runs that must stop: held is whether the claim is
-- still the job's, and then it is a cancellation.
WITH r AS MATERIALIZED (
  SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::int[]) AS r(job_id, fence, progress)),
told AS (
  UPDATE job j SET progress = r.progress
  FROM r
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM r)) AND j.job_id = r.job_id
    AND j.fence = r.fence AND j.status = 'running' AND j.progress <> r.progress)
SELECT r.job_id, r.fence, coalesce(j.fence = r.fence AND j.status = 'running', false) AS held
FROM r
LEFT JOIN (SELECT * FROM job WHERE job_id = ANY (ARRAY(SELECT job_id FROM r))) AS j USING (job_id)
WHERE j.job_id IS NULL OR j.fence <> r.fence OR j.status <> 'running' OR j.cancel_requested
