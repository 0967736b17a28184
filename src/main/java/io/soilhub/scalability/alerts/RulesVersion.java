package io.soilhub.scalability.alerts;

import java.time.Instant;

/// Of rules that were replaced, as clients see it.
public record RulesVersion(long version, Instant changedAt, Instant replacedAt) {}
