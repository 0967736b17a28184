INSERT INTO job (job_id, job_type, queue, priority, payload, payload_bytes, tags, max_attempts, timeout_seconds,
                 run_at, traceparent, tracestate)
SELECT job_id, job_type, queue, priority, payload::json, octet_length(payload), tags::text[], max_attempts,
       timeout_seconds,
       greatest(not_before, now()) + delay_ms * interval '1 ms',
       nullif(traceparent, ''), nullif(tracestate, '')
FROM unnest(?::uuid[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::int[], ?::int[],
            ?::timestamptz[], ?::bigint[], ?::text[], ?::text[])
  AS n(job_id, job_type, queue, priority, payload, tags, max_attempts, timeout_seconds, not_before,
       delay_ms, traceparent, tracestate)
ON CONFLICT (job_id) DO NOTHING
RETURNING job_id, queue, priority, extract(epoch FROM run_at - now()) * 1000 AS due_ms
