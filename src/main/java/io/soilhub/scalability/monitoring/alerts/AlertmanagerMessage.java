package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.platform.http.Violations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What Alertmanager posts to a webhook, version 4. Members that we do not use are passed over:
/// they are another project's to add.
///
/// @param alerts the first thousand of them
/// @param truncatedAlerts how many Alertmanager or we have left out
@JsonIgnoreProperties(ignoreUnknown = true)
public record AlertmanagerMessage(
    @JsonProperty("version") String version,
    List<ForwardedAlert> alerts,
    @JsonProperty("truncatedAlerts") Long truncatedAlerts) {

  /// @param endsAt of a firing one in the year 1, or when it is going to be forgotten
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ForwardedAlert(
      String status,
      Map<String, String> labels,
      Map<String, String> annotations,
      @JsonProperty("startsAt") Instant startsAt,
      @JsonProperty("endsAt") Instant endsAt,
      @JsonProperty("generatorURL") String generatorUrl,
      String fingerprint) {

    public ForwardedAlert {
      labels = labels == null ? Map.of() : plain(labels);
      annotations = annotations == null ? Map.of() : plain(annotations);
      generatorUrl = generatorUrl == null ? "" : zeroless(generatorUrl);
    }

    /// The same for all that is told of one alert.
    String key() {
      return fingerprint + "@" + startsAt;
    }

    Optional<Instant> resolvedAt() {
      return "resolved".equals(status) ? Optional.of(endsAt) : Optional.empty();
    }

    String rule() {
      return labels.getOrDefault("alertname", "");
    }

    String severity() {
      return Severity.named(labels.getOrDefault("severity", "")).orElse(Severity.WARNING).text();
    }

    String message() {
      return Optional.ofNullable(annotations.get("summary"))
          .or(() -> Optional.ofNullable(annotations.get("description")))
          .orElse(rule());
    }

    /// PostgreSQL takes no text with a zero character.
    private static Map<String, String> plain(Map<String, String> texts) {
      Map<String, String> all = new TreeMap<>();
      texts.forEach((name, text) -> all.put(zeroless(name), zeroless(text == null ? "" : text)));
      return all;
    }

    private static String zeroless(String text) {
      return text.replace('\0', ' ');
    }
  }

  /// Of one message; of a longer one the rest is left out, so that it does not all get lost.
  static final int MOST_ALERTS = 1_000;

  private static final int LONGEST_FINGERPRINT = 100;
  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with all that is wrong
  public AlertmanagerMessage {
    alerts = alerts == null ? List.of() : alerts;
    Violations violations = new Violations();
    violations.require("4".equals(version), "/version", "must be 4");
    violations.require(!alerts.isEmpty(), "/alerts", "must have at least one");
    long truncated = truncatedAlerts == null ? 0 : Math.max(0, truncatedAlerts);
    truncatedAlerts = truncated + Math.max(0, alerts.size() - MOST_ALERTS);
    alerts = alerts.subList(0, Math.min(alerts.size(), MOST_ALERTS));
    for (int i = 0; i < alerts.size(); i++) {
      check(violations, "/alerts/" + i, alerts.get(i));
    }
    violations.raise();
    alerts = List.copyOf(alerts);
  }

  long leftOut() {
    return truncatedAlerts;
  }

  private static void check(Violations violations, String pointer, ForwardedAlert told) {
    if (told == null) {
      violations.add(pointer, "must be given");
      return;
    }
    boolean resolved = "resolved".equals(told.status());
    violations.require(
        resolved || "firing".equals(told.status()),
        pointer + "/status",
        "must be firing or resolved");
    violations.requireText(pointer + "/fingerprint", told.fingerprint(), LONGEST_FINGERPRINT);
    violations.require(usable(told.startsAt()), pointer + "/startsAt", "must be a time");
    violations.require(!resolved || usable(told.endsAt()), pointer + "/endsAt", "must be a time");
  }

  private static boolean usable(Instant at) {
    return at != null && at.isAfter(FIRST) && at.isBefore(LAST);
  }
}
