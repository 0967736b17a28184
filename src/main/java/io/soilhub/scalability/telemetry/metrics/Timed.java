package io.soilhub.scalability.telemetry.metrics;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Calls of a bean's methods are an operation. Calls from within the bean itself are not seen.
@Inherited
@InterceptorBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Timed {

  /// Name of the operation; empty for the simple names of the class and the method, with a dot
  /// between them.
  @Nonbinding
  String value() default "";
}
