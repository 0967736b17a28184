package io.soilhub.scalability.architecture.violations.jobs;

import redis.clients.jedis.UnifiedJedis;

record TalksToRedis(UnifiedJedis redis) {}
