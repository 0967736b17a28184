package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Something that can be alerted on. As text: `cpu_ratio`, `metric:harvest_queue`,
/// `metric:harvest_seconds:p95`, `operation:jobs.run:error_ratio`.
///
/// @param name of the metric or operation; empty for the other kinds
/// @param statistic of the metric or operation; [Statistic#VALUE] for the other kinds
public record AlertSignal(Kind kind, String name, Statistic statistic) {

  public enum Kind {
    /// Mean share of the processors that a replica may use, over the window; subject `node`.
    CPU_RATIO,
    /// Mean share of the memory that a replica may use, over the window; subject `node`.
    MEMORY_RATIO,
    /// Share of the requests of all replicas in the window answered 5xx; no subject.
    ERROR_RATIO,
    /// 95th percentile of the response times of all replicas in the window; no subject.
    RESPONSE_SECONDS_P95,
    /// Share of the cache's look-ups in the window that no level answered; no subject.
    CACHE_MISS_RATIO,
    /// Jobs that wait now; subject `queue`.
    QUEUE_BACKLOG,
    /// 1 while a component is unhealthy on any replica, else 0; subject `component`.
    COMPONENT_DOWN,
    /// Replicas that died within the last hour and were not replaced; no subject.
    REPLICAS_MISSING,
    /// 1 while a breaker is open, else 0; subject `breaker`. There are no breakers yet.
    BREAKER_OPEN,
    /// A custom metric; subject its labels.
    METRIC,
    /// A timed operation of all replicas in the window; subject `operation`.
    OPERATION;

    private final String text = name().toLowerCase(Locale.ROOT);

    boolean named() {
      return this == METRIC || this == OPERATION;
    }

    /// Whether anything in the service measures it.
    boolean isMeasured() {
      return this != BREAKER_OPEN;
    }
  }

  public enum Statistic {
    /// As it stands, of a gauge; the sum, of a counter.
    VALUE,
    COUNT,
    /// By the second.
    RATE,
    ERROR_RATIO,
    AVERAGE,
    MAX,
    P50,
    P95,
    P99;

    private final String text = name().toLowerCase(Locale.ROOT);
  }

  private static final Pattern TEXT =
      Pattern.compile("([a-z0-9_]+)(?::([A-Za-z0-9._\\-/{}]{1,120}))?(?::([a-z0-9_]+))?");

  public static AlertSignal of(Kind kind) {
    return new AlertSignal(kind, "", Statistic.VALUE);
  }

  /// @throws IllegalArgumentException with what is allowed
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static AlertSignal of(String text) {
    Matcher parts = TEXT.matcher(text);
    Optional<Kind> kind =
        parts.matches()
            ? Arrays.stream(Kind.values()).filter(k -> k.text.equals(parts.group(1))).findFirst()
            : Optional.empty();
    if (kind.isEmpty() || kind.get().named() != (parts.group(2) != null)) {
      throw new IllegalArgumentException("must be one of " + known());
    }
    String wanted = Optional.ofNullable(parts.group(3)).orElse("value");
    Optional<Statistic> statistic =
        Arrays.stream(Statistic.values()).filter(s -> s.text.equals(wanted)).findFirst();
    if (statistic.isEmpty() || (kind.get() == Kind.OPERATION && wanted.equals("value"))) {
      throw new IllegalArgumentException("must end with one of " + statistics());
    }
    String name = Optional.ofNullable(parts.group(2)).orElse("");
    return new AlertSignal(kind.get(), name, statistic.get());
  }

  /// Whether the statistic can ever have a value: of custom metrics nobody says which failed.
  boolean isReadable() {
    return kind != Kind.METRIC || statistic != Statistic.ERROR_RATIO;
  }

  @JsonValue
  public String text() {
    if (!kind.named()) {
      return kind.text;
    }
    String named = kind.text + ":" + name;
    return statistic == Statistic.VALUE ? named : named + ":" + statistic.text;
  }

  private static String known() {
    return Arrays.stream(Kind.values())
        .map(kind -> kind.named() ? kind.text + ":<name>:<statistic>" : kind.text)
        .collect(Collectors.joining(", "));
  }

  private static String statistics() {
    return Arrays.stream(Statistic.values()).map(s -> s.text).collect(Collectors.joining(", "));
  }
}
