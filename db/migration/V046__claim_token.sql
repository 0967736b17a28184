-- claim_token: which claim holds the job, made by whoever claims. A claim that is repeated because its
-- commit was not answered is recognised by it, instead of being taken for another one after a crash.
-- payload_bytes: size of the payload, so that a claim can leave a large one to be read when its run
-- begins. Unknown for rows of replicas of the version before.
-- postponed_count: how often the present attempt was put off because the database was away.
-- In no index, so that the claim of a job stays a heap-only update.
ALTER TABLE job
  ADD COLUMN claim_token uuid,
  ADD COLUMN payload_bytes integer,
  ADD COLUMN postponed_count integer NOT NULL DEFAULT 0;
