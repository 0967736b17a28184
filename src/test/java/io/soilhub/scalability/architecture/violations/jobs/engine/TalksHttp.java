package io.soilhub.scalability.architecture.violations.jobs.engine;

import jakarta.ws.rs.core.Response;

record TalksHttp(Response response) {}
