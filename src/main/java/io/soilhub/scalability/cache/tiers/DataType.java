package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.platform.core.Problem;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Kinds of data, each with a lifetime, a share of memory and a strategy of its own.
public enum DataType {
  VARIETY_DATA,
  SOIL_DATA,
  CLIMATE_DATA,
  RECOMMENDATIONS,
  USER_DATA,
  GENERAL;

  private final String code = name().toLowerCase(Locale.ROOT);

  /// The name in requests and in keys.
  public String code() {
    return code;
  }

  /// @throws Problem INVALID with the known ones
  public static DataType of(String code) {
    return Arrays.stream(values())
        .filter(type -> type.code.equals(code))
        .findAny()
        .orElseThrow(
            () ->
                Problem.invalid(
                    "/data_type",
                    Arrays.stream(values())
                        .map(DataType::code)
                        .collect(Collectors.joining(", ", "must be one of ", ""))));
  }
}
