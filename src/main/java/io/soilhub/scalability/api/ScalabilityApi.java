package io.soilhub.scalability.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/// The JAX-RS application: every resource and provider of the WAR belongs to it.
@ApplicationPath(ScalabilityApi.BASE_PATH)
public class ScalabilityApi extends Application {

  static final String BASE_PATH = "/api/v1/scalability";
}
