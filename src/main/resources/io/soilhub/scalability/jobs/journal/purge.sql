-- One step of a walk over the primary key, from the oldest: a job that ended before the cutoff was also
-- submitted before it, and ids sort by age, so that no index on the end is needed. Open jobs and held
-- rows are walked past, once.
WITH walked AS MATERIALIZED (
  SELECT job_id, completed_at FROM job
  WHERE job_id > ?
    AND job_id < (lpad(to_hex((extract(epoch FROM now() - ? * interval '1 s') * 1000)::bigint), 12, '0')
                  || '00000000000000000000')::uuid
  ORDER BY job_id LIMIT ?),
ended AS MATERIALIZED (
  SELECT job_id FROM job
  WHERE job_id = ANY (ARRAY(SELECT job_id FROM walked WHERE completed_at < now() - ? * interval '1 s'))
    AND completed_at < now() - ? * interval '1 s'
  FOR UPDATE SKIP LOCKED),
deleted AS (
  DELETE FROM job WHERE job_id = ANY (ARRAY(SELECT job_id FROM ended)) RETURNING job_id)
SELECT (SELECT count(*) FROM deleted) AS deleted, count(*) AS walked,
       (SELECT job_id FROM walked ORDER BY job_id DESC LIMIT 1) AS last
FROM walked
