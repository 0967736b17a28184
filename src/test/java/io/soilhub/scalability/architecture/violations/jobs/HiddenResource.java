package io.soilhub.scalability.architecture.violations.jobs;

import jakarta.ws.rs.Path;

@Path("hidden")
class HiddenResource {}
