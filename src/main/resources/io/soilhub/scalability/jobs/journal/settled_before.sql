-- Tells a settlement that an interrupted commit had made already from one that came too late.
WITH s AS MATERIALIZED (
  SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::text[]) AS s(job_id, fence, wanted))
SELECT j.job_id, j.fence, j.status, extract(epoch FROM j.run_at - now()) * 1000 AS due_ms
FROM s JOIN job j ON j.job_id = s.job_id AND j.fence = s.fence AND j.status = s.wanted
WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM s))
