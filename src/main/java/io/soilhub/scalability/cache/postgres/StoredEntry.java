package io.soilhub.scalability.cache.postgres;

import java.time.Duration;
import java.util.Set;

/// A valid value of the third level.
///
/// @param ttl what is left of its life, more than zero
/// @param version of the last put to this key, 0 when it only was loaded
@SuppressWarnings("ArrayRecordComponent") // carries bytes; is never compared
public record StoredEntry(byte[] payload, Set<String> tags, Duration ttl, long version) {}
