package io.soilhub.scalability.architecture.violations.jobs.engine;

import io.opentelemetry.api.trace.Tracer;

record TalksToOpenTelemetry(Tracer tracer) {}
