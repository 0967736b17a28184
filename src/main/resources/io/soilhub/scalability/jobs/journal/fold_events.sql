-- Keeps the newest events of these jobs. The ids stand there twice for the planner, as in claim.sql.
DELETE FROM job_event e
USING (SELECT i.job_id,
              (SELECT x.event_id FROM job_event x WHERE x.job_id = i.job_id
               ORDER BY x.event_id DESC OFFSET 100 LIMIT 1) AS newest
       FROM unnest(?::uuid[]) AS i(job_id)) AS old
WHERE e.job_id = ANY (?::uuid[]) AND e.job_id = old.job_id AND e.event_id <= old.newest
