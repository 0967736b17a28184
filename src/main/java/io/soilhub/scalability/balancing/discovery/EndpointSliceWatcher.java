package io.soilhub.scalability.balancing.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.registry.InstanceSource;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Lists the EndpointSlices, then watches what changes (the list and watch of the Kubernetes API).
/// A watch lasts four minutes at most; the next goes on where it ended.
final class EndpointSliceWatcher implements InstanceSource {

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final int WATCH_SECONDS = 240;
  private static final Duration WATCH_LIMIT = Duration.ofSeconds(WATCH_SECONDS + 30);
  private static final long LONGEST_PAGE = 64L << 20;
  private static final long LONGEST_WATCH = 256L << 20;
  private static final int PAGE = 500;
  private static final int MOST_PAGES = 40;

  private final KubernetesSettings settings;
  private final Supplier<HttpClient> clients;
  private final Clock clock;
  private final EndpointSlices slices = new EndpointSlices();
  private Optional<HttpClient> made = Optional.empty();
  private volatile List<Instance> instances = List.of();
  private volatile String version = "";

  /// @param clients makes the client, which trusts the API server's certificate; asked at the first
  ///   step
  EndpointSliceWatcher(KubernetesSettings settings, Supplier<HttpClient> clients, Clock clock) {
    this.settings = settings;
    this.clients = clients;
    this.clock = clock;
  }

  @Override
  public List<Instance> instances() {
    return instances;
  }

  /// One list, when the watch before did not end well, and one watch. Called by one loop.
  ///
  /// @throws Problem of kind UNAVAILABLE when the API server does not answer as it should
  public void step() {
    try {
      if (version.isEmpty()) {
        list();
      }
      watch();
    } catch (IOException | TimeoutException e) {
      version = "";
      throw away(e);
    } catch (ExecutionException e) {
      version = "";
      throw away(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void list()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    slices.clear();
    String next = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      String query = "&limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encoded(next));
      HttpResponse<String> answer =
          answer(query, BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST_PAGE, ANSWER_LIMIT);
      if (answer.statusCode() != 200) {
        throw new IOException("the list of EndpointSlices answers " + answer.statusCode());
      }
      JsonNode list = Json.mapper().readTree(answer.body());
      list.path("items").forEach(slice -> slices.put(slice, clock.instant()));
      next = list.path("metadata").path("continue").asText("");
      if (next.isEmpty()) {
        version = list.path("metadata").path("resourceVersion").asText();
        instances = slices.instances();
        return;
      }
    }
    throw new IOException("more EndpointSlices than fit");
  }

  private void watch()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    String query =
        "&watch=1&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
            .formatted(WATCH_SECONDS, encoded(version));
    LineReader lines = new LineReader(this::changed);
    BodyHandler<Void> handler = BodyHandlers.fromLineSubscriber(lines);
    int status = answer(query, handler, LONGEST_WATCH, WATCH_LIMIT).statusCode();
    if (status != 200) {
      throw new IOException("the watch of EndpointSlices answers " + status);
    }
  }

  /// The client's own time limit ends with the header; this one holds for the body as well.
  private <T> HttpResponse<T> answer(String query, BodyHandler<T> body, long bytes, Duration limit)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<HttpResponse<T>> answer =
        client().sendAsync(request(query).build(), BodyHandlers.limiting(body, bytes));
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      answer.cancel(true);
    }
  }

  /// One line of a watch. After an error, for instance a version that is too old, the next step
  /// begins with a list again.
  private void changed(String line) {
    JsonNode event;
    try {
      event = Json.mapper().readTree(line);
    } catch (JsonProcessingException _) {
      version = "";
      return;
    }
    JsonNode slice = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> slices.put(slice, clock.instant());
      case "DELETED" -> slices.remove(slice);
      case "BOOKMARK" -> {}
      default -> {
        version = "";
        return;
      }
    }
    version = slice.path("metadata").path("resourceVersion").asText();
    instances = slices.instances();
  }

  private HttpClient client() {
    HttpClient client = made.orElseGet(clients);
    made = Optional.of(client);
    return client;
  }

  private HttpRequest.Builder request(String query) throws IOException {
    String selector =
        "kubernetes.io/service-name in (" + String.join(",", settings.services()) + ")";
    URI uri =
        URI.create(
            "%s/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices?labelSelector=%s%s"
                .formatted(
                    settings.api().server(), settings.namespace(), encoded(selector), query));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "application/json");
    settings
        .api()
        .token()
        .read()
        .ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return request;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Problem away(Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return Problem.unavailable(
        "kubernetes-away", "Kubernetes: " + why, Duration.ofSeconds(5), cause);
  }

  /// Hands each line on as it arrives.
  private record LineReader(Consumer<String> each) implements Flow.Subscriber<String> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (!line.isBlank()) {
        each.accept(line);
      }
    }

    @Override
    public void onError(Throwable failure) {
      // the request's future has it
    }

    @Override
    public void onComplete() {
      // the request's future has it
    }
  }
}
