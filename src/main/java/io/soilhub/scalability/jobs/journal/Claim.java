package io.soilhub.scalability.jobs.journal;

import java.util.UUID;

/// One claim of a job. Two claims of one job differ by their fences, also within one replica.
public record Claim(UUID jobId, long fence) {}
