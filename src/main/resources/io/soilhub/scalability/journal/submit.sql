INSERT INTO job (job_id, job_type, queue, priority, payload, tags, max_attempts, timeout_seconds, run_at)
SELECT job_id, job_type, queue, priority, payload::json, tags::text[], max_attempts, timeout_seconds,
       greatest(not_before, now()) + delay_ms * interval '1 ms'
FROM unnest(?::uuid[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::int[], ?::int[],
            ?::timestamptz[], ?::bigint[])
  AS n(job_id, job_type, queue, priority, payload, tags, max_attempts, timeout_seconds, not_before,
       delay_ms)
ON CONFLICT (job_id) DO NOTHING
RETURNING job_id, queue, priority, extract(epoch FROM run_at - now()) * 1000 AS due_ms
