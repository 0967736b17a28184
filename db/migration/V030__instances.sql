-- The registry of the load balancer: who is registered by the API, by which policy requests are
-- spread, and what all replicas have counted.

CREATE TABLE instance (
  instance_id      text PRIMARY KEY,
  service          text NOT NULL,
  host             text NOT NULL,
  port             integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  health_endpoint  text NOT NULL,
  weight           integer NOT NULL CHECK (weight BETWEEN 1 AND 100),
  zone             text NOT NULL,
  metrics_endpoint text NOT NULL,
  registered_at    timestamptz NOT NULL,
  drain_until      timestamptz
);

CREATE TABLE balancing_policy (
  service text PRIMARY KEY,
  policy  text NOT NULL,
  version bigint NOT NULL
);

-- Apart from the registry: an instance that is registered again finds its totals, and those of the
-- static list and of Kubernetes have some as well.
CREATE TABLE instance_traffic (
  instance_id text PRIMARY KEY,
  requests    bigint NOT NULL,
  errors      bigint NOT NULL,
  bytes       bigint NOT NULL,
  updated_at  timestamptz NOT NULL
);
