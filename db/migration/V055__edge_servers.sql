-- A purge is sent to each server of the CDN by itself: one that is away keeps its own rows and its own
-- pause, and holds up no other. A row without a server was named by a caller and is still to be handed
-- out; replicas of the version before take such rows, and those of a server too.
ALTER TABLE edge_purge ADD COLUMN server text;

-- A row a server: its pace and its failures, as edge_gate kept them for all together.
CREATE TABLE edge_server (
  server     text PRIMARY KEY,
  free_at    timestamptz NOT NULL,
  failures   integer NOT NULL DEFAULT 0,
  delivered  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
