package io.soilhub.scalability.platform.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The smallest role that may call a resource or one of its methods. Without it reading takes a
/// viewer and anything else an operator.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresRole {

  Role value();

  /// Each role may do what the ones before it may.
  enum Role {
    @JsonProperty("viewer")
    VIEWER,
    @JsonProperty("operator")
    OPERATOR,
    @JsonProperty("admin")
    ADMIN;

    public boolean covers(Role needed) {
      return compareTo(needed) >= 0;
    }
  }
}
