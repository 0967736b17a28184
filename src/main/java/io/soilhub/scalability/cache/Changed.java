package io.soilhub.scalability.cache;

/// What a put or an invalidation of one key did.
///
/// @param existed whether there was a valid entry before
public record Changed(boolean existed, Outcome outcome) {}
