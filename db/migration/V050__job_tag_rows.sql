-- The tags of the jobs that were there before job_tag. No lock on job: it is in use meanwhile.
INSERT INTO job_tag (tag, job_id)
SELECT t, job_id FROM job, unnest(tags) AS t WHERE tags <> '{}'
ON CONFLICT DO NOTHING;
