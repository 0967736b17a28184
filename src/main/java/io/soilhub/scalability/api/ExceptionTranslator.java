package io.soilhub.scalability.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.soilhub.scalability.platform.core.Problem;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.FileNotFoundException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the answer for anything that is thrown below a resource. What is not known here is a
/// defect of ours and answers 500 without a word about its cause.
final class ExceptionTranslator {

  private static final int MAX_DEPTH = 20;

  /// What PostgreSQL says to a NUL in text and in JSON.
  private static final Set<String> UNSTORABLE = Set.of("22021", "22P05");

  private static final List<String> KEPT_HEADERS =
      List.of(HttpHeaders.ALLOW, HttpHeaders.RETRY_AFTER, HttpHeaders.WWW_AUTHENTICATE);

  private ExceptionTranslator() {}

  /// Looks through wrappers: the outermost exception that is known decides, except that a problem
  /// of our own always does; in JSON it knows its place only together with what wraps it.
  static ProblemResponse of(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    for (Throwable t : chain) {
      if (t instanceof ValueInstantiationException refused
          && refused.getCause() instanceof Problem) {
        return ProblemResponse.of(JsonFailures.of(refused));
      }
      if (t instanceof Problem problem) {
        return ProblemResponse.of(problem);
      }
    }
    for (Throwable t : chain) {
      switch (t) {
        case JsonProcessingException json -> {
          return ProblemResponse.of(JsonFailures.of(json));
        }
        case NotFoundException badParameter when badParameter.getCause() != null -> {
          return ProblemResponse.of(400, Map.of());
        }
        case SQLException refused
            when UNSTORABLE.contains(String.valueOf(refused.getSQLState())) -> {
          return ProblemResponse.of(Problem.invalid("", "text must not hold the character NUL"));
        }
        case FileNotFoundException _ -> {
          return ProblemResponse.of(404, Map.of());
        }
        case WebApplicationException http -> {
          return ProblemResponse.of(http.getResponse().getStatus(), headers(http.getResponse()));
        }
        default -> {}
      }
    }
    return ProblemResponse.of(500, Map.of());
  }

  /// The client went away, or what it sent is not packed as it says.
  static Problem unreadable() {
    return new Problem(
        Problem.Kind.MALFORMED, "malformed-body", "The body cannot be read to its end.");
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < MAX_DEPTH; t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  private static Map<String, String> headers(Response response) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (String name : KEPT_HEADERS) {
      String value = response.getHeaderString(name);
      if (value != null) {
        kept.put(name, value);
      }
    }
    return kept;
  }
}
