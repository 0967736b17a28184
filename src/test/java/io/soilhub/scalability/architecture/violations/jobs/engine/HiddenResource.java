package io.soilhub.scalability.architecture.violations.jobs.engine;

import jakarta.ws.rs.Path;

@Path("hidden")
class HiddenResource {}
