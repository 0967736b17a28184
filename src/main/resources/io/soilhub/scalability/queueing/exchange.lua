-- Gives back what is done with and takes what is next, in one call.
-- KEYS  ready delayed lease owner limits rate wake epoch
-- ARGV  node, incarnation, lease ms, ageing ms a step, wanted, bound of repairs, number given back,
--       then for each of those: member, ms until it is due ('' when it is done)
-- Reply {known, due ms (-1 none), rate wait ms, limited, ready left, member...}
local ready, delayed, lease, owner = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, leaseMs, stepMs, wanted = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local bound, given = tonumber(ARGV[6]), tonumber(ARGV[7])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local function push(member, due)
  if due > now then
    redis.call('ZADD', delayed, due, member)
  else
    redis.call('ZADD', ready, due - string.sub(member, 1, 1) * stepMs, member)
  end
end

-- 1. Only the owner's word counts: a lease that went to another node is left alone.
for i = 0, given - 1 do
  local member, due = ARGV[8 + 2 * i], ARGV[9 + 2 * i]
  local holder = redis.call('HGET', owner, member)
  if holder == node then
    redis.call('ZREM', lease, member)
    redis.call('HDEL', owner, member)
  end
  if due ~= '' and (holder == node or not holder) then
    push(member, now + due)
  end
end

-- 2. A queue that was wiped, or came back with an older state, is rebuilt before anything is taken.
if redis.call('GET', KEYS[8]) ~= ARGV[2] then
  return {0, -1, 0, 0, 0}
end

-- 3. What has become due, and what its owner has let expire, is ready; both in bounded steps.
local due = redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'WITHSCORES', 'LIMIT', 0, bound)
for i = 1, #due, 2 do
  redis.call('ZREM', delayed, due[i])
  push(due[i], tonumber(due[i + 1]))
end
local expired = redis.call('ZRANGEBYSCORE', lease, '-inf', now, 'WITHSCORES', 'LIMIT', 0, bound)
for i = 1, #expired, 2 do
  redis.call('ZREM', lease, expired[i])
  redis.call('HDEL', owner, expired[i])
  push(expired[i], expired[i + 1] - leaseMs)
end

-- 4. Limits. The rate is GCRA (ITU-T I.371): a theoretical arrival time moves one interval a job, and
-- may lie as far ahead of now as the burst allows.
local limits = redis.call('HMGET', KEYS[5], 'paused', 'max', 'rate')
local paused, max, rate = limits[1] == '1', tonumber(limits[2] or 0), tonumber(limits[3] or 0)
local allowed, limited = wanted, 0
if max > 0 then
  allowed = math.max(0, math.min(allowed, max - redis.call('ZCARD', lease)))
  limited = 1
end
local interval, tat, horizon = 0, 0, 0
if rate > 0 then
  limited = 1
  interval = 60000 / rate
  horizon = now + math.max(1, math.floor(rate / 60)) * interval
  tat = math.max(now, tonumber(redis.call('GET', KEYS[6]) or 0))
  allowed = math.max(0, math.min(allowed, math.floor((horizon - tat) / interval + 1e-6)))
end
if paused then
  allowed = 0
end

-- 5. The next ones, under a lease.
local reply = {1, -1, 0, limited, 0}
if allowed > 0 then
  local popped = redis.call('ZPOPMIN', ready, allowed)
  for i = 1, #popped, 2 do
    redis.call('ZADD', lease, now + leaseMs, popped[i])
    redis.call('HSET', owner, popped[i], node)
    reply[#reply + 1] = popped[i]
  end
  if rate > 0 and #popped > 0 then
    tat = tat + interval * #popped / 2
    redis.call('SET', KEYS[6], string.format('%.3f', tat), 'PX', math.ceil(tat - now) + 1000)
  end
end
if rate > 0 then
  reply[3] = math.max(0, math.ceil(tat + interval - horizon))
end

-- 6. Whoever leaves work that could be taken wakes the next.
local left = redis.call('ZCARD', ready)
reply[5] = left
if left > 0 and not paused and (max == 0 or redis.call('ZCARD', lease) < max) and reply[3] == 0
    and redis.call('LLEN', KEYS[7]) == 0 then
  redis.call('LPUSH', KEYS[7], 1)
end
local nextDue = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
if nextDue[2] then
  reply[2] = math.max(0, nextDue[2] - now)
end
return reply
