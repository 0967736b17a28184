package io.soilhub.scalability.monitoring.exposition;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The forms in which the numbers can be had, the one that is given when the caller does not mind
/// first.
public enum Representation {
  JSON("application/json", ""),
  /// https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
  OPENMETRICS("application/openmetrics-text", "1.0.0"),
  /// https://prometheus.io/docs/instrumenting/exposition_formats
  PROMETHEUS("text/plain", "0.0.4");

  private final String mediaType;
  private final String version;

  Representation(String mediaType, String version) {
    this.mediaType = mediaType;
    this.version = version;
  }

  /// With its version, for the answer.
  public String contentType() {
    return version.isEmpty()
        ? mediaType
        : "%s; version=%s; charset=utf-8".formatted(mediaType, version);
  }

  /// What an Accept header asks for (RFC 9110, 12.5.1). Of several that are as welcome, the first.
  ///
  /// @param accept empty for anything
  /// @return empty when the header takes none of them
  public static Optional<Representation> wanted(String accept) {
    if (accept.isBlank()) {
      return Optional.of(JSON);
    }
    List<MediaRange> ranges = MediaRange.parse(accept);
    return Arrays.stream(values())
        .filter(form -> form.quality(ranges) > 0)
        .max(Comparator.comparingDouble(form -> form.quality(ranges)));
  }

  /// The quality of the most specific range that takes it; 0 when none does.
  private double quality(List<MediaRange> ranges) {
    return ranges.stream()
        .filter(range -> range.takes(mediaType, version))
        .max(
            Comparator.comparingInt(MediaRange::precision).thenComparingDouble(MediaRange::quality))
        .map(MediaRange::quality)
        .orElse(0.0);
  }
}
