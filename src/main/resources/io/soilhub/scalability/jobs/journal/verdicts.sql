-- The runs that must stop: held is whether the claim is still the job's, and then it is a cancellation.
-- Takes no lock, so that whoever holds a row keeps nobody's cancellation back.
WITH r AS MATERIALIZED (SELECT * FROM unnest(?::uuid[], ?::bigint[]) AS r(job_id, fence))
SELECT r.job_id, r.fence, coalesce(j.fence = r.fence AND j.status = 'running', false) AS held
FROM r
LEFT JOIN (SELECT job_id, fence, status, cancel_requested FROM job
           WHERE job_id = ANY (ARRAY(SELECT job_id FROM r))) AS j USING (job_id)
WHERE j.job_id IS NULL OR j.fence <> r.fence OR j.status <> 'running' OR j.cancel_requested
