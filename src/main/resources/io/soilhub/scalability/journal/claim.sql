-- A row that is still running when it is claimed was held by a worker that died: that counts as a
-- crash and not as an attempt, and beyond the limit ends the job in the same statement.
-- Open is said by the status: with completed_at the planner could walk the index of open jobs, all of
-- them for each claim. The ids are said once more as a list, which is the index condition whichever
-- side of the join the planner begins with.
WITH c AS MATERIALIZED (
  SELECT c.job_id, c.worker, p.crash_limit
  FROM unnest(?::uuid[], ?::text[]) AS c(job_id, worker), (VALUES (?::int)) AS p(crash_limit)),
lost AS MATERIALIZED (
  SELECT j.job_id, j.started_at, j.worker FROM job j
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM c)) AND j.status = 'running'),
claimed AS (
  UPDATE job j SET
    status = CASE WHEN j.status <> 'running' THEN 'running'
                  WHEN j.cancel_requested THEN 'cancelled'
                  WHEN j.crash_count >= c.crash_limit THEN 'failed' ELSE 'running' END,
    completed_at = CASE WHEN j.status = 'running'
                          AND (j.cancel_requested OR j.crash_count >= c.crash_limit) THEN now() END,
    error_type = CASE WHEN j.status <> 'running' THEN j.error_type
                      WHEN j.cancel_requested THEN 'CANCELLED'
                      WHEN j.crash_count >= c.crash_limit THEN 'CRASH_LOOP' ELSE j.error_type END,
    error_message = CASE WHEN j.status <> 'running' THEN j.error_message
                         WHEN j.cancel_requested THEN 'Cancelled; its worker had died.'
                         WHEN j.crash_count >= c.crash_limit
                           THEN 'Its worker died ' || (j.crash_count + 1) || ' times, the last time on '
                                || coalesce(j.worker, 'an unknown node') || '.'
                         ELSE j.error_message END,
    fence = j.fence + 1,
    attempt = j.attempt + CASE WHEN j.status = 'running' THEN 0 ELSE 1 END,
    crash_count = j.crash_count + CASE WHEN j.status = 'running' THEN 1 ELSE 0 END,
    started_at = now(), worker = c.worker
  FROM c
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM c)) AND j.job_id = c.job_id
    AND j.status IN ('pending', 'retrying', 'running') AND j.run_at <= now()
    AND j.job_type = ANY (?::text[])
  RETURNING j.job_id, j.queue, j.job_type, j.priority, j.payload, j.status, j.attempt,
            j.max_attempts, j.fence, j.timeout_seconds, j.crash_count, j.traceparent, j.tracestate),
told AS (
  INSERT INTO job_event (job_id, status, at, node, message)
  SELECT lost.job_id, e.status, CASE e.status WHEN 'running' THEN lost.started_at ELSE now() END,
         lost.worker, CASE e.status WHEN 'pending' THEN 'The worker was lost.' END
  FROM lost JOIN claimed USING (job_id), (VALUES (1, 'running'), (2, 'pending')) AS e(step, status)
  ORDER BY lost.job_id, e.step)
SELECT * FROM claimed
