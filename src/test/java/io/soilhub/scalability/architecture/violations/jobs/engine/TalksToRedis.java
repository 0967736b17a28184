package io.soilhub.scalability.architecture.violations.jobs.engine;

import redis.clients.jedis.UnifiedJedis;

record TalksToRedis(UnifiedJedis redis) {}
