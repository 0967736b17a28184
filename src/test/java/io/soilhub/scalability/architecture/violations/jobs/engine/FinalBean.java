package io.soilhub.scalability.architecture.violations.jobs.engine;

import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
class FinalBean {
  final void cannotBeIntercepted() {}
}
