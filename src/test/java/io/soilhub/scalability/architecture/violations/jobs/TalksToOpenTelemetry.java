package io.soilhub.scalability.architecture.violations.jobs;

import io.opentelemetry.api.trace.Tracer;

record TalksToOpenTelemetry(Tracer tracer) {}
