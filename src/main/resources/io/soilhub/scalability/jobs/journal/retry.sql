WITH j AS (SELECT * FROM job WHERE job_id = ?),
told AS (
  INSERT INTO job_event (job_id, status, at, node, message)
  SELECT j.job_id, e.status, e.at, e.node, e.message
  FROM j, LATERAL (VALUES
    (1, 'running', j.started_at, j.worker, NULL),
    (2, j.status, j.completed_at, j.worker, j.error_message),
    (3, 'pending', now(), NULL, 'Asked to be tried again.')) AS e(step, status, at, node, message)
  WHERE e.at IS NOT NULL
    AND NOT EXISTS (SELECT FROM job_event x
                    WHERE x.job_id = j.job_id AND x.status = 'running' AND e.status = 'running'
                      AND x.at = e.at)
  ORDER BY e.step)
UPDATE job SET status = 'pending', completed_at = NULL, run_at = now(), attempt = 0, crash_count = 0,
  postponed_count = 0, progress = 0, cancel_requested = false, result = NULL, error_type = NULL, error_message = NULL
FROM j WHERE job.job_id = j.job_id
