-- A job that ended before the cutoff was also submitted before it, and ids sort by age: the walk goes
-- over the primary key from the oldest and needs no index on the end.
DELETE FROM job WHERE job_id IN (
  SELECT job_id FROM job
  WHERE job_id < (lpad(to_hex((extract(epoch FROM now() - ? * interval '1 s') * 1000)::bigint), 12, '0')
                  || '00000000000000000000')::uuid
    AND completed_at < now() - ? * interval '1 s'
  ORDER BY job_id LIMIT ? FOR UPDATE SKIP LOCKED)
