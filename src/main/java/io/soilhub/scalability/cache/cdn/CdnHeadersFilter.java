package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.settings.Settings;
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

/// Says of every answer who may keep it. Those of methods with [CacheableByCdn] get the headers of
/// [CdnHeaders]; all others, errors too, are private unless the resource said something else: a CDN
/// in front would keep an answer that says nothing by rules of its own.
@Provider
@Dependent
public class CdnHeadersFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final String PROPERTY = CdnHeadersFilter.class.getName();
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  private final Optional<CdnSettings> edge;
  private final SurrogateKeys tags;
  @Context private ResourceInfo resource;

  /// JAX-RS looks for it and never calls it: CDI makes the filter.
  public CdnHeadersFilter() {
    this.edge = Optional.empty();
    this.tags = null;
  }

  @Inject
  public CdnHeadersFilter(Settings settings, SurrogateKeys tags) {
    this.edge = CdnSettings.from(settings);
    this.tags = tags;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    CacheableByCdn cacheable = resource.getResourceMethod().getAnnotation(CacheableByCdn.class);
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
      answer.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, CdnHeaders.PRIVATE);
    }
  }

  private void describe(
      ContainerRequestContext request, ContainerResponseContext answer, Set<String> all) {
    byte[] body = Json.write(answer.getEntity()).getBytes(StandardCharsets.UTF_8);
    CdnHeaders headers = CdnHeaders.of(edge, body, all, tags.life());
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
