/// Order and leases of work in Redis: which id is next, and who holds it until when. It knows ids,
/// priorities and times, nothing of what the work is.
///
/// Entry points: [io.soilhub.scalability.jobs.queue.LeaseQueue], one per queue;
/// [io.soilhub.scalability.jobs.queue.WorkSignal] to wait for work;
/// [io.soilhub.scalability.jobs.queue.RedisRunId] to notice that Redis lost what it held.
///
/// Invariants: nothing in Redis is needed to know what work there is, so all of it may be lost; an
/// id is in at most one of ready, delayed and lease; every time is the Redis server's; every script
/// bounds its work and runs on Redis 6.2.
package io.soilhub.scalability.jobs.queue;
