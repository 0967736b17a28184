-- A row that is still running when it is claimed was held by a worker that died: that counts as a
-- crash and not as an attempt, and beyond the limit ends the job in the same statement. Unless it is
-- running by this very claim: then the claim was committed without an answer, or the server had kept
-- an older copy of it, and the row stays as it is. A token claims a row once: a copy that arrives when
-- the claim is over takes nothing.
-- Open is said by the status: with completed_at the planner could walk the index of open jobs, all of
-- them for each claim. The ids are said once more as a list, which is the index condition whichever
-- side of the join the planner begins with.
WITH c AS MATERIALIZED (
  SELECT c.job_id, c.worker, c.token, p.crash_limit, p.inline_bytes
  FROM unnest(?::uuid[], ?::text[], ?::uuid[]) AS c(job_id, worker, token),
       (VALUES (?::int, ?::int)) AS p(crash_limit, inline_bytes)),
lost AS MATERIALIZED (
  SELECT j.job_id, j.started_at, j.worker, j.claim_token FROM job j
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM c)) AND j.status = 'running'),
claimed AS (
  UPDATE job j SET
    status = CASE WHEN j.status <> 'running' OR j.claim_token = c.token THEN 'running'
                  WHEN j.cancel_requested THEN 'cancelled'
                  WHEN j.crash_count >= c.crash_limit THEN 'failed' ELSE 'running' END,
    completed_at = CASE WHEN j.status = 'running' AND j.claim_token IS DISTINCT FROM c.token
                          AND (j.cancel_requested OR j.crash_count >= c.crash_limit) THEN now() END,
    error_type = CASE WHEN j.status <> 'running' OR j.claim_token = c.token THEN j.error_type
                      WHEN j.cancel_requested THEN 'CANCELLED'
                      WHEN j.crash_count >= c.crash_limit THEN 'CRASH_LOOP' ELSE j.error_type END,
    error_message = CASE WHEN j.status <> 'running' OR j.claim_token = c.token THEN j.error_message
                         WHEN j.cancel_requested THEN 'Cancelled; its worker had died.'
                         WHEN j.crash_count >= c.crash_limit
                           THEN 'Its worker died ' || (j.crash_count + 1) || ' times, the last time on '
                                || coalesce(j.worker, 'an unknown node') || '.'
                         ELSE j.error_message END,
    fence = j.fence + CASE WHEN j.claim_token = c.token THEN 0 ELSE 1 END,
    attempt = j.attempt + CASE WHEN j.status = 'running' THEN 0 ELSE 1 END,
    crash_count = j.crash_count + CASE WHEN j.status = 'running'
                                        AND j.claim_token IS DISTINCT FROM c.token THEN 1 ELSE 0 END,
    started_at = CASE WHEN j.claim_token = c.token THEN j.started_at ELSE now() END,
    worker = c.worker, claim_token = c.token
  FROM c
  WHERE j.job_id = ANY (ARRAY(SELECT job_id FROM c)) AND j.job_id = c.job_id
    AND j.status IN ('pending', 'retrying', 'running') AND j.run_at <= now()
    AND j.job_type = ANY (?::text[])
    -- by its worker too: one of the version before leaves the token of the claim before its own
    AND (j.claim_token IS DISTINCT FROM c.token OR (j.status = 'running' AND j.worker = c.worker))
  RETURNING j.job_id, j.queue, j.job_type, j.priority,
            coalesce(j.payload_bytes, octet_length(j.payload::text)) AS payload_bytes,
            CASE WHEN coalesce(j.payload_bytes, octet_length(j.payload::text)) <= c.inline_bytes
                 THEN j.payload END AS payload,
            j.status, j.attempt, j.max_attempts, j.fence, j.timeout_seconds, j.crash_count,
            j.postponed_count, j.traceparent, j.tracestate),
told AS (
  INSERT INTO job_event (job_id, status, at, node, message)
  SELECT lost.job_id, e.status, CASE e.status WHEN 'running' THEN lost.started_at ELSE now() END,
         lost.worker, CASE e.status WHEN 'pending' THEN 'The worker was lost.' END
  FROM lost JOIN claimed USING (job_id) JOIN c USING (job_id),
       (VALUES (1, 'running'), (2, 'pending')) AS e(step, status)
  WHERE lost.claim_token IS DISTINCT FROM c.token
  ORDER BY lost.job_id, e.step)
SELECT * FROM claimed
