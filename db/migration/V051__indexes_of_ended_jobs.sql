-- Lists by queue and by type walk over ended jobs here and over open ones in job_open. Over all jobs
-- the two indexes took four insertions a job, for its begin and its end, and a fifth of the jobs per
-- second; over ended ones they take two. A list that begins while an index is missing is slow.
DROP INDEX CONCURRENTLY IF EXISTS job_queue;
CREATE INDEX CONCURRENTLY job_queue ON job (queue, job_id) WHERE completed_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS job_type;
CREATE INDEX CONCURRENTLY job_type ON job (job_type, job_id) WHERE completed_at IS NOT NULL;
