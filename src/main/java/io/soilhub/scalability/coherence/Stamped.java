package io.soilhub.scalability.coherence;

/// A valid entry that may be remembered.
///
/// @param stamp to check by later whether it is still valid
public record Stamped(Frame frame, View.Stamp stamp) {}
