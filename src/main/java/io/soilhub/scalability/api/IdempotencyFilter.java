package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Sha256;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IdempotentOperation;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.telemetry.logging.RequestId;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Makes every POST that carries an Idempotency-Key safe to repeat: done once, and then answered
/// the same each time. What was refused may be corrected and sent again under its key.
@Provider
@Dependent
@Priority(Priorities.AUTHORIZATION + 500)
public class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final Logger LOG = System.getLogger(IdempotencyFilter.class.getName());
  private static final String HEADER = "Idempotency-Key";
  private static final String PROPERTY = IdempotencyFilter.class.getName();
  private static final int MAX_KEY = 255;
  private static final List<String> KEPT =
      List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_TYPE, HttpHeaders.ETAG);

  /// The request under way and its right to be answered.
  private record Begun(IdempotencyStore.Request request, UUID lockId) {}

  private final IdempotencyStore requests;
  private final IdempotentOperation operation;
  private final Uuid7 ids;

  /// JAX-RS looks for it and never calls it: CDI makes the filter.
  public IdempotencyFilter() {
    this(null, null, null);
  }

  @Inject
  public IdempotencyFilter(IdempotencyStore requests, IdempotentOperation operation, Uuid7 ids) {
    this.requests = requests;
    this.operation = operation;
    this.ids = ids;
  }

  @Override
  public void filter(ContainerRequestContext context) {
    String key = context.getHeaderString(HEADER);
    if (key == null || !context.getMethod().equals("POST")) {
      return;
    }
    byte[] body = body(context);
    context.setEntityStream(new ByteArrayInputStream(body));
    IdempotencyStore.Request request = request(context, checked(key), body);
    switch (requests.begin(request, ids.next(), UUID.randomUUID())) {
      case IdempotencyStore.Turn.First first -> {
        operation.repeatableAs(first.operationId());
        context.setProperty(PROPERTY, new Begun(request, first.lockId()));
      }
      case IdempotencyStore.Turn.Repeat repeat -> context.abortWith(replay(repeat.answer()));
      case IdempotencyStore.Turn.Running _ ->
          throw new Problem(
              Problem.Kind.CONFLICT,
              "request-in-progress",
              "The first request with this Idempotency-Key is still running.");
      case IdempotencyStore.Turn.OtherRequest _ ->
          throw new Problem(
              Problem.Kind.INVALID,
              "idempotency-key-reused",
              "This Idempotency-Key was used for another request.");
    }
  }

  @Override
  public void filter(ContainerRequestContext context, ContainerResponseContext answer) {
    if (context.getProperty(PROPERTY) instanceof Begun begun) {
      context.removeProperty(PROPERTY);
      try {
        keep(begun, answer, context.getUriInfo().getRequestUri().getRawPath());
      } catch (DatabaseUnavailable e) {
        LOG.log(Level.WARNING, "an answer could not be kept for repeats", e);
      }
    }
  }

  /// What was done is kept. Answers that may differ next time are not: the lock is given back.
  private void keep(Begun begun, ContainerResponseContext answer, String path) {
    int status = answer.getStatus();
    if (status >= 500 || status == 429) {
      requests.release(begun.request(), begun.lockId());
      return;
    }
    if (status >= 400) {
      requests.refuse(begun.request(), begun.lockId());
      return;
    }
    String caching = answer.getHeaderString(HttpHeaders.CACHE_CONTROL);
    boolean secret = caching != null && caching.contains("no-store");
    requests.finish(begun.request(), begun.lockId(), secret ? shownOnce(path) : kept(answer));
  }

  private static IdempotencyStore.Answer kept(ContainerResponseContext answer) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : KEPT) {
      String value = answer.getHeaderString(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    byte[] body = bytes(answer.getEntity());
    if (answer.hasEntity()) {
      answer.setEntity(body);
    }
    return new IdempotencyStore.Answer(answer.getStatus(), headers, body);
  }

  private static IdempotencyStore.Answer shownOnce(String path) {
    ProblemResponse problemResponse =
        ProblemResponse.of(
            new Problem(
                Problem.Kind.CONFLICT,
                "answer-shown-once",
                "This request was done; its answer holds a secret and is not shown again."));
    Map<String, String> headers = Map.of(HttpHeaders.CONTENT_TYPE, ProblemResponse.MEDIA_TYPE);
    return new IdempotencyStore.Answer(
        problemResponse.status(),
        headers,
        Json.write(problemResponse.body(path, RequestId.current()))
            .getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(Object entity) {
    return switch (entity) {
      case null -> new byte[0];
      case byte[] raw -> raw;
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      default -> Json.write(entity).getBytes(StandardCharsets.UTF_8);
    };
  }

  private static Response replay(IdempotencyStore.Answer answer) {
    Response.ResponseBuilder response =
        Response.status(answer.status()).header("Idempotency-Replayed", "true");
    answer.headers().forEach(response::header);
    return answer.body().length == 0 ? response.build() : response.entity(answer.body()).build();
  }

  private static byte[] body(ContainerRequestContext context) {
    try {
      return context.getEntityStream().readAllBytes();
    } catch (IOException _) {
      throw ExceptionTranslator.unreadable();
    }
  }

  private static String checked(String key) {
    boolean usable =
        !key.isEmpty()
            && key.length() <= MAX_KEY
            && key.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (!usable) {
      throw new Problem(
          Problem.Kind.MALFORMED,
          "malformed-idempotency-key",
          "Idempotency-Key must be 1 to %d printable ASCII characters.".formatted(MAX_KEY));
    }
    return key;
  }

  private static IdempotencyStore.Request request(
      ContainerRequestContext context, String key, byte[] body) {
    String caller = context.getSecurityContext().getUserPrincipal().getName();
    String target = context.getUriInfo().getRequestUri().getRawPath();
    String query = context.getUriInfo().getRequestUri().getRawQuery();
    return new IdempotencyStore.Request(caller, key, fingerprint(target + "?" + query, body));
  }

  static byte[] fingerprint(String target, byte[] body) {
    return Sha256.of((target + '\0').getBytes(StandardCharsets.UTF_8), body);
  }
}
