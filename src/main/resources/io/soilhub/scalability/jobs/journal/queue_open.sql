-- A page of the walk over the open jobs.
WITH page AS MATERIALIZED (
  SELECT job_id, queue, priority, status, run_at FROM job
  WHERE completed_at IS NULL AND job_id > ? ORDER BY job_id LIMIT ?)
SELECT queue, priority,
       count(*) FILTER (WHERE status <> 'running' AND run_at <= now()) AS pending,
       count(*) FILTER (WHERE status <> 'running' AND run_at > now()) AS delayed,
       count(*) FILTER (WHERE status = 'running') AS running,
       min(run_at) FILTER (WHERE status <> 'running' AND run_at <= now()) AS due_since,
       (SELECT job_id FROM page ORDER BY job_id DESC LIMIT 1) AS last
FROM page GROUP BY queue, priority
