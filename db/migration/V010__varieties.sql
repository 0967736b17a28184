-- Trial tables as they were given, and what one has to know to use and to cite them.

CREATE TABLE trial_dataset (
  dataset_id        text PRIMARY KEY,
  crop_id           text NOT NULL,
  name              text NOT NULL,
  source            text NOT NULL,
  licence           text NOT NULL,
  synthetic         boolean NOT NULL,
  yield_unit        text NOT NULL,
  vg                double precision NOT NULL,
  vl                double precision NOT NULL,
  vy                double precision NOT NULL,
  ve                double precision NOT NULL,
  length_km         double precision NOT NULL,
  constants_fitted  text NOT NULL,
  sha256            text NOT NULL,
  content_hash      text NOT NULL,
  version           bigint NOT NULL,
  loaded_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE trial_site (
  dataset_id  text NOT NULL REFERENCES trial_dataset ON DELETE CASCADE,
  location    text NOT NULL,
  facts       jsonb NOT NULL,
  PRIMARY KEY (dataset_id, location)
);

CREATE TABLE trial_variety (
  dataset_id  text NOT NULL REFERENCES trial_dataset ON DELETE CASCADE,
  variety_id  text NOT NULL,
  name        text NOT NULL,
  company     text NOT NULL,
  traits      jsonb NOT NULL,
  PRIMARY KEY (dataset_id, variety_id)
);

CREATE TABLE trial_yield (
  dataset_id  text NOT NULL REFERENCES trial_dataset ON DELETE CASCADE,
  variety_id  text NOT NULL,
  location    text NOT NULL,
  year        integer NOT NULL,
  yield       double precision NOT NULL,
  PRIMARY KEY (dataset_id, variety_id, location, year)
);

-- One row. Its lock makes writers take turns; its number tells readers that something changed.
CREATE TABLE trial_catalog (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version   bigint NOT NULL
);

INSERT INTO trial_catalog (version) VALUES (0);

-- Tables on their way in: too large for the payload of a job.
CREATE TABLE trial_upload (
  upload_id   uuid PRIMARY KEY,
  about       jsonb NOT NULL,
  trials      bytea NOT NULL,
  sites       bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX trial_upload_by_age ON trial_upload (created_at);
