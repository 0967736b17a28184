/// The second level of the cache, and all that replicas agree on through Redis: who loads what,
/// which version a tag has, what was invalidated in which order, and who has heard of it.
///
/// Entry points: [io.soilhub.scalability.cache.redis.RedisShard], one Redis server.
///
/// Invariants: every mutation is one script, which also appends to the log; a load fills only under
/// its own lease and when none of its tags changed; a node answers from memory only while its
/// confirmation of the log is younger than the bound; what was promised before a restart of Redis
/// is void after it; no clock of a node decides anything; every script runs on Redis 6.2.
package io.soilhub.scalability.cache.redis;
