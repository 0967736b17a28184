package io.soilhub.scalability.architecture.violations.jobs;

import jakarta.persistence.EntityManager;

record TalksToJpa(EntityManager entities) {}
