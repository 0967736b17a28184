package io.soilhub.scalability.architecture.violations.jobs;

class ThingManager {}
