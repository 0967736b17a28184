-- Replicas read only the totals that changed since they last looked.

CREATE INDEX instance_traffic_updated ON instance_traffic (updated_at);
