-- The service sends notices from here itself. Replicas of the version before still write rows without
-- `receiver`, and make jobs of any row that they find: the payload stays one that they understand.
ALTER TABLE alert_outbox
  -- Of one rule's notices for one receiver the next goes when the one before is done with.
  ADD COLUMN position    bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN receiver    text,
  ADD COLUMN rule        text NOT NULL DEFAULT '',
  ADD COLUMN attempts    integer NOT NULL DEFAULT 0,
  -- While a notice is being sent: when another replica may take it for given up.
  ADD COLUMN next_try_at timestamptz NOT NULL DEFAULT clock_timestamp();
