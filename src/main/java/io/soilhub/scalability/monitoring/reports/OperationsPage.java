package io.soilhub.scalability.monitoring.reports;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Operations of a window.
///
/// @param complete false when only this replica's memory could be asked
public record OperationsPage(
    List<OperationView> items,
    @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> nextCursor,
    Instant from,
    Instant to,
    boolean complete) {}
