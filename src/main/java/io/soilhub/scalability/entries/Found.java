package io.soilhub.scalability.entries;

import java.time.Duration;
import java.util.Set;

/// A valid value of the third level.
///
/// @param ttl what is left of its life, more than zero
/// @param version of the last put to this key, 0 when it only was loaded
@SuppressWarnings("ArrayRecordComponent") // carries bytes; is never compared
public record Found(byte[] payload, Set<String> tags, Duration ttl, long version) {}
