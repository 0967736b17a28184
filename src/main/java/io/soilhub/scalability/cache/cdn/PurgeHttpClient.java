package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.outbound.OutboundClient;
import io.soilhub.scalability.platform.outbound.OutboundRequest;
import io.soilhub.scalability.platform.outbound.OutboundResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Predicate;

/// Calls of a CDN's interface, within one time limit that holds for headers and body.
final class PurgeHttpClient {

  static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final int LONGEST_BODY = 1 << 20;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final Clock clock;
  private final OutboundClient http;

  PurgeHttpClient(Clock clock, Duration limit) {
    this.clock = clock;
    this.http =
        new OutboundClient(
            AddressPolicy.ANY, new OutboundClient.Limits(CONNECT_LIMIT, limit, LONGEST_BODY));
  }

  /// @param accepted whether the text of an answer with a status of 200 to 299 says that it was
  ///   done
  PurgeResult send(OutboundRequest request, Predicate<String> accepted) {
    try {
      OutboundResponse answer = http.send(request);
      if (!answer.isSuccess()) {
        return new PurgeResult.Failed(
            "status " + answer.status(),
            answer.value("Retry-After").flatMap(value -> retryAfter(value, clock.instant())));
      }
      return accepted.test(answer.body())
          ? new PurgeResult.Purged()
          : failed("status %d, but not done".formatted(answer.status()));
    } catch (IOException e) {
      return failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
  }

  /// Seconds or a date (RFC 9110 section 10.2.3), at most an hour.
  static Optional<Duration> retryAfter(String value, Instant now) {
    try {
      Duration wait =
          value.strip().matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(value.strip()))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant());
      if (wait.isNegative()) {
        return Optional.empty();
      }
      return Optional.of(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static PurgeResult.Failed failed(String reason) {
    return new PurgeResult.Failed(reason, Optional.empty());
  }
}
