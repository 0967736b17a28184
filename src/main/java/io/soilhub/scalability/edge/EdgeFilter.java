package io.soilhub.scalability.edge;

import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Settings;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Says of every answer who may keep it. Those of methods with [CacheableAtEdge] get the headers of
/// [EdgeHeaders]; all others, errors too, are private unless the resource said something else: a
/// CDN in front would keep an answer that says nothing by rules of its own.
@Provider
@Dependent
public class EdgeFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final String PROPERTY = EdgeFilter.class.getName();
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  private final Optional<EdgeSettings> edge;
  private final EdgeTags tags;
  @Context private ResourceInfo resource;

  /// JAX-RS looks for it and never calls it: CDI makes the filter.
  public EdgeFilter() {
    this.edge = Optional.empty();
    this.tags = null;
  }

  @Inject
  public EdgeFilter(Settings settings, EdgeTags tags) {
    this.edge = EdgeSettings.from(settings);
    this.tags = tags;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    CacheableAtEdge cacheable = resource.getResourceMethod().getAnnotation(CacheableAtEdge.class);
    if (cacheable != null) {
      request.setProperty(PROPERTY, Set.of(cacheable.value()));
    }
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext answer) {
    if (answer.getStatus() == OK && request.getProperty(PROPERTY) instanceof Set<?> always) {
      Set<String> all = new TreeSet<>(tags.all());
      always.forEach(tag -> all.add(tag.toString()));
      describe(request, answer, all);
    } else if (!answer.getHeaders().containsKey(HttpHeaders.CACHE_CONTROL)) {
      answer.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, EdgeHeaders.PRIVATE);
    }
  }

  private void describe(
      ContainerRequestContext request, ContainerResponseContext answer, Set<String> all) {
    byte[] body = Json.write(answer.getEntity()).getBytes(StandardCharsets.UTF_8);
    EdgeHeaders headers = EdgeHeaders.of(edge, body, all, tags.life());
    headers.values().forEach((name, value) -> answer.getHeaders().putSingle(name, value));
    String known = request.getHeaderString(HttpHeaders.IF_NONE_MATCH);
    if (known != null && headers.entityTag().matches(known)) {
      answer.setStatus(NOT_MODIFIED);
      answer.setEntity(null);
    } else {
      answer.setEntity(body);
    }
  }
}
