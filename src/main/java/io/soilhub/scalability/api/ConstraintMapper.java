package io.soilhub.scalability.api;

import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/// Stands before the server's own mapper for violated constraints, which is nearer than one for every
/// exception.
@Provider
public class ConstraintMapper implements ExceptionMapper<ConstraintViolationException> {

  @Context private UriInfo uri;

  @Override
  public Response toResponse(ConstraintViolationException e) {
    return ProblemMapper.response(Failures.of(e), uri.getRequestUri().getRawPath());
  }
}
