package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.http.Violations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// A time in which alerts that match are not told of. They go on otherwise.
///
/// @param matchers all must hold; at least one
/// @param by who wants it
public record Silence(
    UUID id, List<Matcher> matchers, Instant startsAt, Instant endsAt, String by, String comment) {

  /// @param name `rule`, `severity` or the name of a label
  public record Matcher(String name, String value) {

    boolean matches(Alert alert) {
      return switch (name) {
        case "rule" -> alert.key().rule().equals(value);
        case "severity" -> alert.severity().text().equals(value);
        default -> value.equals(alert.key().subject().values().get(name));
      };
    }
  }

  /// A silence as somebody asks for it.
  ///
  /// @param startsAt now when not given
  public record Wanted(
      List<Matcher> matchers, Instant startsAt, Instant endsAt, String by, String comment) {

    private static final int MOST_MATCHERS = 20;
    private static final int LONGEST_NAME = 100;
    private static final Duration LONGEST = Duration.ofDays(366);

    /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with all that is wrong
    Silence accepted(UUID id, Instant now) {
      Violations violations = new Violations();
      List<Matcher> all = matchers == null ? List.of() : matchers;
      violations.requireBetween("/matchers", all.size(), 1, MOST_MATCHERS);
      for (int i = 0; i < all.size(); i++) {
        Matcher matcher = all.get(i) == null ? new Matcher("", "") : all.get(i);
        violations.requireText("/matchers/" + i + "/name", matcher.name(), LONGEST_NAME);
        violations.requireText("/matchers/" + i + "/value", matcher.value(), 1_000);
      }
      Instant from = startsAt == null ? now : startsAt;
      violations.require(
          endsAt != null && endsAt.isAfter(now) && endsAt.isAfter(from),
          "/ends_at",
          "must be a time to come, after starts_at");
      violations.require(
          endsAt == null || endsAt.isBefore(now.plus(LONGEST)),
          "/ends_at",
          "must be within %d days".formatted(LONGEST.toDays()));
      violations.require(
          from.isAfter(now.minus(LONGEST)), "/starts_at", "must not be that long ago");
      violations.requireText("/by", by, LONGEST_NAME);
      violations.requireText("/comment", comment, 1_000);
      violations.raise();
      return new Silence(id, all, from, endsAt, by, comment);
    }
  }

  public Silence {
    matchers = List.copyOf(matchers);
  }

  boolean covers(Alert alert, Instant now) {
    return !now.isBefore(startsAt)
        && now.isBefore(endsAt)
        && matchers.stream().allMatch(matcher -> matcher.matches(alert));
  }
}
