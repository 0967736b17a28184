package io.soilhub.scalability.architecture.violations.jobs.engine;

import jakarta.persistence.EntityManager;

record TalksToJpa(EntityManager entities) {}
