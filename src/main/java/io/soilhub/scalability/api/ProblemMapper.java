package io.soilhub.scalability.api;

import io.soilhub.scalability.telemetry.logging.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// The one place where an exception becomes an answer of the API.
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {

  private static final Logger LOG = System.getLogger(ProblemMapper.class.getName());

  @Context private HttpServletRequest request;

  @Override
  public Response toResponse(Throwable thrown) {
    if (thrown instanceof WebApplicationException http && http.getResponse().getStatus() < 400) {
      return http.getResponse();
    }
    ProblemResponse problemResponse = ExceptionTranslator.of(thrown);
    if (problemResponse.status() >= 500) {
      Level level = problemResponse.status() == 500 ? Level.ERROR : Level.WARNING;
      LOG.log(
          level,
          () -> "answered %d %s".formatted(problemResponse.status(), problemResponse.type()),
          thrown);
    }
    return response(problemResponse, request.getRequestURI());
  }

  /// The answer to a request for `path`.
  static Response response(ProblemResponse problemResponse, String path) {
    Response.ResponseBuilder answer =
        Response.status(problemResponse.status())
            .type(ProblemResponse.MEDIA_TYPE)
            .entity(problemResponse.body(path, RequestId.current()));
    problemResponse.headers().forEach(answer::header);
    return answer.build();
  }
}
