package io.soilhub.scalability.platform.http;

import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import java.util.UUID;

/// What the running request stands for. When the caller sent an Idempotency-Key, every repeat of
/// the request carries the same id, also after a crash half-way: whoever derives the ids of what it
/// creates from it creates them once.
@RequestScoped
public class IdempotentOperation {

  private UUID id;

  public Optional<UUID> id() {
    return Optional.ofNullable(id);
  }

  /// Called once a request, before the resource.
  public void repeatableAs(UUID operationId) {
    this.id = operationId;
  }
}
