-- Lists by queue and by type: without these they read the whole table. The columns never change, so
-- that the claim of a job stays a heap-only update. Dead letters are few among millions, so theirs
-- are of their own; a job that did not end in one costs nothing there.
-- Dropped first: a build that was broken off leaves an index behind that is not valid.
DROP INDEX CONCURRENTLY IF EXISTS job_queue;
CREATE INDEX CONCURRENTLY job_queue ON job (queue, job_id);
DROP INDEX CONCURRENTLY IF EXISTS job_type;
CREATE INDEX CONCURRENTLY job_type ON job (job_type, job_id);
DROP INDEX CONCURRENTLY IF EXISTS job_dead_queue;
CREATE INDEX CONCURRENTLY job_dead_queue ON job (queue, job_id)
  WHERE completed_at IS NOT NULL AND error_type IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS job_dead_type;
CREATE INDEX CONCURRENTLY job_dead_type ON job (job_type, job_id)
  WHERE completed_at IS NOT NULL AND error_type IS NOT NULL;

DROP INDEX CONCURRENTLY IF EXISTS trial_upload_expiry;
CREATE INDEX CONCURRENTLY trial_upload_expiry ON trial_upload (expires_at);
