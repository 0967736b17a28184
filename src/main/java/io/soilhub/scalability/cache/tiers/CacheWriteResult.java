package io.soilhub.scalability.cache.tiers;

/// What a put or an invalidation of one key did.
///
/// @param existed whether there was a valid entry before
public record CacheWriteResult(boolean existed, WriteOutcome outcome) {}
