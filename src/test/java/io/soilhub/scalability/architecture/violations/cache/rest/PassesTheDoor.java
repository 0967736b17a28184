package io.soilhub.scalability.architecture.violations.cache.rest;

import io.soilhub.scalability.architecture.violations.jobs.queue.ReachesEngine;

record PassesTheDoor(ReachesEngine inside) {}
