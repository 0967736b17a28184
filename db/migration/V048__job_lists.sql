-- What one replica counted of the open jobs, for all to read: one row.
CREATE TABLE queue_backlog (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  counted_at timestamptz NOT NULL,
  open_jobs  json NOT NULL
) WITH (fillfactor = 50);
INSERT INTO queue_backlog (counted_at, open_jobs) VALUES ('epoch', '[]');

-- The jobs of a tag in the order of lists, which the index of job.tags cannot give: it would have to
-- read all jobs of a tag for a page of them. Triggers keep it, so that replicas of the version before
-- do as well. job_tags stays for those replicas and can go with the next version.
CREATE TABLE job_tag (
  tag    text NOT NULL,
  job_id uuid NOT NULL,
  PRIMARY KEY (tag, job_id)
);

CREATE FUNCTION job_tag_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO job_tag (tag, job_id) SELECT t, NEW.job_id FROM unnest(NEW.tags) AS t
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE FUNCTION job_tag_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM job_tag WHERE tag = ANY (OLD.tags) AND job_id = OLD.job_id;
  RETURN NULL;
END $$;
CREATE TRIGGER job_tag_insert AFTER INSERT ON job
  FOR EACH ROW WHEN (NEW.tags <> '{}') EXECUTE FUNCTION job_tag_insert();
CREATE TRIGGER job_tag_delete AFTER DELETE ON job
  FOR EACH ROW WHEN (OLD.tags <> '{}') EXECUTE FUNCTION job_tag_delete();

-- When an uploaded table may go; put off as long as the job that imports it waits or may be run again.
ALTER TABLE trial_upload ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days';
