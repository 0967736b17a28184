-- Where the work of a job belongs in a trace: the span of the request that submitted it (W3C Trace
-- Context). Empty for jobs that were submitted outside of any. Never changed and in no index, so that
-- the claim of a job stays a heap-only update.
ALTER TABLE job ADD COLUMN traceparent text, ADD COLUMN tracestate text;
