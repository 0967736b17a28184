package io.soilhub.scalability.telemetry.metrics;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Times the calls of methods that are [Timed]; a call that throws counts as failed.
@Timed
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
public class TimedInterceptor {

  private final Operations operations;
  private final Map<Method, String> names = new ConcurrentHashMap<>();

  @Inject
  public TimedInterceptor(Operations operations) {
    this.operations = operations;
  }

  @AroundInvoke
  public Object time(InvocationContext call) throws Exception {
    return operations.time(
        names.computeIfAbsent(call.getMethod(), TimedInterceptor::name), call::proceed);
  }

  private static String name(Method method) {
    Timed timed = method.getAnnotation(Timed.class);
    if (timed == null) {
      timed = method.getDeclaringClass().getAnnotation(Timed.class);
    }
    return timed == null || timed.value().isEmpty()
        ? method.getDeclaringClass().getSimpleName() + "." + method.getName()
        : timed.value();
  }
}
