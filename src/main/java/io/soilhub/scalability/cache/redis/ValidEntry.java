package io.soilhub.scalability.cache.redis;

/// A valid entry that may be remembered.
///
/// @param stamp to check by later whether it is still valid
public record ValidEntry(EncodedEntry entry, TagVersions.Stamp stamp) {}
