SELECT queue, priority,
       count(*) FILTER (WHERE status <> 'running' AND run_at <= now()) AS pending,
       count(*) FILTER (WHERE status <> 'running' AND run_at > now()) AS delayed,
       count(*) FILTER (WHERE status = 'running') AS running,
       coalesce(extract(epoch FROM now() - min(run_at) FILTER
         (WHERE status <> 'running' AND run_at <= now())), 0) AS oldest
FROM job WHERE completed_at IS NULL
GROUP BY queue, priority
