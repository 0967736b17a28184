package io.soilhub.scalability.cache.redis;

/// A write that has not reached the third level yet.
///
/// @param holds false when one of its tags was invalidated since: then it must not reach it
public record DirtyWrite(String member, EncodedEntry entry, boolean holds) {}
