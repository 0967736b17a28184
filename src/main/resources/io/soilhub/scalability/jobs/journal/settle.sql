-- The ids stand there twice for the planner, as in claim.sql. A claim that was given back without a
-- run leaves nothing: no event, no start, no worker.
WITH s AS MATERIALIZED (
  SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                       ?::boolean[], ?::int[])
    AS s(job_id, fence, wanted, result, error_type, error_message, delay_ms, started, postponed)),
settled AS (
  UPDATE job j SET
    status = CASE WHEN j.cancel_requested AND s.wanted IN ('retrying', 'pending')
                  THEN 'cancelled' ELSE s.wanted END,
    completed_at = CASE WHEN j.cancel_requested OR s.wanted NOT IN ('retrying', 'pending')
                        THEN now() END,
    progress = CASE s.wanted WHEN 'completed' THEN 100 ELSE j.progress END,
    result = nullif(s.result, '')::json,
    error_type = CASE WHEN j.cancel_requested AND s.wanted IN ('retrying', 'pending') THEN 'CANCELLED'
                      WHEN s.wanted = 'pending' THEN j.error_type
                      ELSE nullif(s.error_type, '') END,
    error_message = CASE WHEN s.wanted = 'pending' THEN j.error_message
                         ELSE nullif(s.error_message, '') END,
    attempt = j.attempt - CASE s.wanted WHEN 'pending' THEN 1 ELSE 0 END,
    postponed_count = s.postponed,
    started_at = CASE WHEN s.started THEN j.started_at END,
    worker = CASE WHEN s.started THEN j.worker END,
    run_at = CASE WHEN s.wanted = 'retrying' OR s.delay_ms > 0
                  THEN now() + s.delay_ms * interval '1 ms' ELSE j.run_at END
  FROM s
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM s)) AND j.job_id = s.job_id
    AND j.fence = s.fence AND j.status = 'running'
  RETURNING j.job_id, j.fence, j.status, j.worker, j.started_at, s.error_message, s.started,
            extract(epoch FROM j.run_at - now()) * 1000 AS due_ms),
told AS (
  INSERT INTO job_event (job_id, status, at, node, message)
  SELECT job_id, e.status, CASE e.step WHEN 1 THEN started_at ELSE now() END, worker,
         CASE e.step WHEN 2 THEN nullif(error_message, '') END
  FROM settled, LATERAL (VALUES (1, 'running'), (2, settled.status)) AS e(step, status)
  WHERE settled.started AND settled.status IN ('retrying', 'pending')
  ORDER BY job_id, e.step)
SELECT job_id, fence, status, due_ms FROM settled
