/// The Redis client and its scripts.
///
/// Entry points: [io.soilhub.scalability.platform.redis.RedisClients],
/// [io.soilhub.scalability.platform.redis.RedisScript].
///
/// Invariant: every command has a time limit.
package io.soilhub.scalability.platform.redis;
