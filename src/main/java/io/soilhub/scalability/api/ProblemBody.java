package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Problem;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// An error as clients see it, after RFC 9457.
///
/// @param errors what is wrong with the input, each with a JSON pointer into it; left out when
///   empty
@Schema(name = "Problem", description = "RFC 9457 problem details")
public record ProblemBody(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    List<Problem.Violation> errors,
    String requestId) {}
