package io.soilhub.scalability.architecture.violations.jobs;

import jakarta.ws.rs.core.Response;

record TalksHttp(Response response) {}
