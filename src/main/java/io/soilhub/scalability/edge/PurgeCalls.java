package io.soilhub.scalability.edge;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// Calls of a CDN's interface, all of one purge side by side, within one time limit that holds for
/// headers and body.
final class PurgeCalls {

  static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final int LONGEST_BODY = 1 << 20;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final Clock clock;
  private final Duration limit;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  PurgeCalls(Clock clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /// @param accepted whether the text of an answer with a status of 200 to 299 says that it was
  ///   done
  /// @return the first failure, else purged
  PurgeResult send(List<HttpRequest> requests, Predicate<String> accepted) {
    List<CompletableFuture<HttpResponse<String>>> calls =
        requests.stream().map(this::begin).toList();
    try {
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return calls.stream()
          .map(call -> result(call.join(), accepted))
          .filter(result -> result instanceof PurgeResult.Failed)
          .findFirst()
          .orElseGet(PurgeResult.Purged::new);
    } catch (TimeoutException _) {
      return failed("no answer within %d ms".formatted(limit.toMillis()));
    } catch (ExecutionException e) {
      return failed(reason(e.getCause()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    } finally {
      calls.forEach(call -> call.cancel(true));
    }
  }

  private CompletableFuture<HttpResponse<String>> begin(HttpRequest request) {
    return http.sendAsync(
        request,
        BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST_BODY));
  }

  private PurgeResult result(HttpResponse<String> answer, Predicate<String> accepted) {
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return accepted.test(answer.body())
          ? new PurgeResult.Purged()
          : failed("status %d, but not done".formatted(status));
    }
    return new PurgeResult.Failed(
        "status " + status,
        answer
            .headers()
            .firstValue("Retry-After")
            .flatMap(value -> retryAfter(value, clock.instant())));
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

  private static String reason(Throwable cause) {
    return cause instanceof IOException && cause.getMessage() != null
        ? cause.getMessage()
        : cause.getClass().getSimpleName();
  }
}
