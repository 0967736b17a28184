-- The journal of background jobs.
--
-- One row a job, written three times in its life: submitted, claimed, finished. The claim changes no
-- indexed column and no column of an index predicate, so with the free space below it stays a
-- heap-only update. That is why no index mentions status, worker or fence.
CREATE TABLE job (
  job_id           uuid PRIMARY KEY,
  job_type         text NOT NULL,
  queue            text NOT NULL,
  priority         smallint NOT NULL,
  payload          json NOT NULL,
  tags             text[] NOT NULL,
  status           text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'running', 'retrying', 'completed', 'failed', 'cancelled')),
  progress         smallint NOT NULL DEFAULT 0,
  attempt          integer NOT NULL DEFAULT 0,
  max_attempts     integer NOT NULL,
  crash_count      integer NOT NULL DEFAULT 0,
  fence            bigint NOT NULL DEFAULT 0,
  timeout_seconds  integer NOT NULL,
  cancel_requested boolean NOT NULL DEFAULT false,
  created_at       timestamptz NOT NULL DEFAULT now(),
  run_at           timestamptz NOT NULL,
  started_at       timestamptz,
  completed_at     timestamptz,
  worker           text,
  result           json,
  error_type       text,
  error_message    text,
  -- Terminal and timed are the same thing: the partial indexes below rest on it.
  CONSTRAINT job_terminal
    CHECK ((completed_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled')))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- What reconciling pages over, and lists of pending, running and retrying jobs.
CREATE INDEX job_open ON job (job_id) WHERE completed_at IS NULL;
-- The dead letters: failed and cancelled jobs, newest first, among millions of completed ones.
CREATE INDEX job_dead ON job (job_id) WHERE completed_at IS NOT NULL AND error_type IS NOT NULL;
CREATE INDEX job_tags ON job USING gin (tags) WHERE tags <> '{}';

-- What the row alone no longer tells: attempts that ended without ending the job. The first
-- submission, the newest start and the end are read from the row itself.
CREATE TABLE job_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id   uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  status   text NOT NULL,
  at       timestamptz NOT NULL,
  node     text,
  message  text
);
CREATE INDEX job_event_job ON job_event (job_id, event_id);

-- Effects that a job has had, so that it has each of them once however often it runs.
CREATE TABLE job_effect (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  effect text NOT NULL,
  at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_id, effect)
);

-- Limits of a queue; Redis holds a copy that the claim script reads. 0 means unlimited.
CREATE TABLE queue_settings (
  queue                 text PRIMARY KEY,
  paused                boolean NOT NULL DEFAULT false,
  max_concurrency       integer NOT NULL DEFAULT 0 CHECK (max_concurrency >= 0),
  rate_limit_per_minute integer NOT NULL DEFAULT 0 CHECK (rate_limit_per_minute >= 0),
  version               bigint NOT NULL DEFAULT 1
);

-- Finished jobs by minute, for totals and rates without counting the jobs themselves.
CREATE TABLE queue_minute (
  queue     text NOT NULL,
  minute    timestamptz NOT NULL,
  completed bigint NOT NULL DEFAULT 0,
  failed    bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (queue, minute)
) WITH (fillfactor = 50);
