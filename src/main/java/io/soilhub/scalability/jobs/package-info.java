/// Background jobs that are not lost. `engine` accepts and runs them, `queue` orders them and keeps
/// the leases in Redis, `journal` is the truth in PostgreSQL, `notifications` sends mail and calls
/// webhooks, `cleanup` deletes what is past its retention.
package io.soilhub.scalability.jobs;
