package io.soilhub.scalability.coherence;

/// A write was announced: the old entry is void, and nobody else may fill the key while the lease
/// lasts.
public record Begun(Mutation mutation, Leased.Lease lease) {}
