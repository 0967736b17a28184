package io.soilhub.scalability.monitoring.alerts;

import java.time.Instant;

/// Of rules that were replaced, as clients see it.
public record AlertRulesVersion(long version, Instant changedAt, Instant replacedAt) {}
