package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.soilhub.scalability.platform.core.Json;

/// Rules as callers write them, with what they leave out.
final class RuleText {

  private RuleText() {}

  /// @param text JSON with ' in the place of "
  static AlertRule rule(String text) {
    try {
      return Json.mapper().readValue(text.replace('\'', '"'), AlertRule.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
