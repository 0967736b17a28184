package io.soilhub.scalability.architecture.violations.jobs.deep;

class Unlisted {}
