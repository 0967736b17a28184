package io.soilhub.scalability.cache.cdn;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The answer of this resource method is the same for every caller and may be kept by the CDN until
/// one of its tags is purged; it gets an ETag, and 304 when the caller has it already. Tags that
/// depend on the answer are added through [SurrogateKeys].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface CacheableByCdn {

  /// What the answer depends on in any case.
  String[] value();
}
