-- What the HTTP layer keeps: keys of callers, answers to repeatable requests, replicas that are up.

CREATE TABLE api_key (
  key_id       text PRIMARY KEY,
  name         text NOT NULL,
  role         text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  secret_hash  bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  created_at   timestamptz NOT NULL,
  created_by   text NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_key_newest ON api_key (created_at DESC, key_id DESC);

-- One row for each Idempotency-Key of a caller. `status` is null until the request was answered;
-- `locked_until` is when another replica may take over a request whose own replica died.
CREATE TABLE idempotent_request (
  caller        text NOT NULL,
  request_key   text NOT NULL,
  fingerprint   bytea NOT NULL,
  operation_id  uuid NOT NULL,
  lock_id       uuid NOT NULL,
  locked_until  timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  status        smallint,
  headers       text,
  body          bytea,
  PRIMARY KEY (caller, request_key)
);
CREATE INDEX idempotent_request_expiry ON idempotent_request (expires_at);

CREATE TABLE node (
  node_id    text PRIMARY KEY,
  address    text NOT NULL,
  started_at timestamptz NOT NULL,
  last_seen  timestamptz NOT NULL,
  leader     boolean NOT NULL
);
