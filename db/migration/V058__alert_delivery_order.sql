DROP INDEX CONCURRENTLY IF EXISTS alert_outbox_order;
CREATE INDEX CONCURRENTLY alert_outbox_order ON alert_outbox (receiver, rule, position);
