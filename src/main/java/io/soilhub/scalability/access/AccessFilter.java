package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.HttpMethods;
import io.soilhub.scalability.platform.http.RequiresRole;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Locale;
import java.util.Optional;

/// Finds out who calls and whether the caller's role is enough for the resource.
@Provider
@Dependent
@Priority(Priorities.AUTHENTICATION)
public class AccessFilter implements ContainerRequestFilter {

  /// Attribute of a request: `rest.<resource>.<method>` of the call that it makes.
  public static final String OPERATION = "soilhub.operation";

  private final Authentication authentication;
  @Context private ResourceInfo resource;
  @Context private HttpServletRequest request;

  /// JAX-RS looks for it and never calls it: CDI makes the filter.
  public AccessFilter() {
    this(null);
  }

  @Inject
  public AccessFilter(Authentication authentication) {
    this.authentication = authentication;
  }

  @Override
  public void filter(ContainerRequestContext context) {
    request.setAttribute(OPERATION, operation(resource.getResourceMethod()));
    CallerIdentity caller =
        authentication.caller(
            new Authentication.Credentials(
                Optional.ofNullable(context.getHeaderString("X-API-Key")),
                Optional.ofNullable(context.getHeaderString("Authorization")),
                CrossOrigin.changes(
                    context.getMethod(),
                    Optional.ofNullable(context.getHeaderString("Sec-Fetch-Site")),
                    Optional.ofNullable(context.getHeaderString("Origin")),
                    Optional.of(RequestAuthority.of(request))),
                request.getRemoteAddr()));
    Role needed = needed(context.getMethod(), resource.getResourceMethod());
    if (!caller.role().covers(needed)) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "role-too-small",
          "This takes the role %s; the caller has %s."
              .formatted(lower(needed), lower(caller.role())));
    }
    context.setSecurityContext(security(caller, context.getSecurityContext().isSecure()));
  }

  static String operation(Method method) {
    String resource = method.getDeclaringClass().getSimpleName().replaceFirst("Resource$", "");
    return "rest.%s%s.%s"
        .formatted(
            resource.substring(0, 1).toLowerCase(Locale.ROOT),
            resource.substring(1),
            method.getName());
  }

  /// The annotation of the method, else of its class, else by the HTTP method.
  static Role needed(String httpMethod, Method method) {
    RequiresRole requiresRole = method.getAnnotation(RequiresRole.class);
    if (requiresRole == null) {
      requiresRole = method.getDeclaringClass().getAnnotation(RequiresRole.class);
    }
    if (requiresRole != null) {
      return requiresRole.value();
    }
    return HttpMethods.isSafe(httpMethod) ? Role.VIEWER : Role.OPERATOR;
  }

  private static String lower(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static SecurityContext security(CallerIdentity caller, boolean secure) {
    return new SecurityContext() {
      @Override
      public Principal getUserPrincipal() {
        return caller::name;
      }

      @Override
      public boolean isUserInRole(String role) {
        return caller.role().covers(Role.valueOf(role.toUpperCase(Locale.ROOT)));
      }

      @Override
      public boolean isSecure() {
        return secure;
      }

      @Override
      public String getAuthenticationScheme() {
        return "Bearer";
      }
    };
  }
}
