package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Problem;
import java.util.List;

/// An error as clients see it, after RFC 9457.
///
/// @param errors what is wrong with the input, each with a JSON pointer into it; left out when
///   empty
public record ProblemBody(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    List<Problem.Violation> errors,
    String requestId) {}
