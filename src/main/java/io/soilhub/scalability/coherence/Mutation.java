package io.soilhub.scalability.coherence;

import java.util.List;

/// A mutation as the log has it.
///
/// @param existed how many valid entries there were before
/// @param version grows with every mutation of one server
/// @param tagVersions of the tags of the entry written, in their order
public record Mutation(long epoch, long seq, int existed, long version, List<Long> tagVersions) {}
