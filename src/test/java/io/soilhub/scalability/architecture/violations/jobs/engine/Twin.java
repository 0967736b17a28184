package io.soilhub.scalability.architecture.violations.jobs.engine;

class Twin {}
