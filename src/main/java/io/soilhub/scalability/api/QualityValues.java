package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The weights in the fields by which a caller says what it would rather have (RFC 9110, section
/// 12.4.2). JAX-RS fails on one that is no number while it looks for a resource.
final class QualityValues {

  private static final List<String> FIELDS =
      List.of("Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language");
  private static final Pattern WEIGHT =
      Pattern.compile(";[ \t]*q[ \t]*=([^;,]*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("0(\\.\\d{0,3})?|1(\\.0{0,3})?");

  private QualityValues() {}

  /// @throws Problem of kind MALFORMED
  static void check(HttpServletRequest request) {
    for (String field : FIELDS) {
      Collections.list(request.getHeaders(field)).forEach(value -> check(field, value));
    }
  }

  static void check(String field, String value) {
    Matcher weight = WEIGHT.matcher(value);
    while (weight.find()) {
      if (!NUMBER.matcher(weight.group(1).strip()).matches()) {
        throw new Problem(
            Problem.Kind.MALFORMED,
            "malformed-request",
            "A weight (q) in %s must be a number from 0 to 1 with up to three decimals."
                .formatted(field));
      }
    }
  }
}
