-- Gives back what is done with and takes what is next, in one call.
-- ARGV  node, incarnation, lease ms, ageing ms a step, wanted, bound of repairs, number given back,
--       then for each of those: member, and '' (done), '=' (unused) or the ms until it is due
-- Reply {known, due ms (-1 none), rate wait ms, limited, ready left, member...}
local node, leaseMs, stepMs, wanted = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local bound, given = tonumber(ARGV[6]), tonumber(ARGV[7])
local mayTakeBack = heard(leaseMs)

-- To the place that it was taken from.
local function put_back(member, due)
  wait(member, math.min(due or now, now), stepMs)
end

local function set_arrival(tat)
  redis.call('SET', KEYS[6], string.format('%.3f', tat), 'PX', math.ceil(tat - now) + 1000)
end

-- 1. Only the owner's word counts: a lease that went to another node is left alone.
for i = 0, given - 1 do
  local member, fate = ARGV[8 + 2 * i], ARGV[9 + 2 * i]
  local holder = redis.call('HGET', owner, member)
  if holds(node, holder) then
    redis.call('ZREM', lease, member)
    redis.call('HDEL', owner, member)
    if fate == '=' then
      put_back(member, due_of(holder))
    elseif fate ~= '' then
      wait(member, now + fate, stepMs)
    elseif was_announced(holder) then
      wait(member, now, stepMs)
    end
  elseif not holder and fate ~= '=' then
    -- Redis lost the lease; one of nobody may have taken its place. What was unused is left to it.
    redis.call('ZREM', lease, member)
    if fate ~= '' then
      stop_waiting(member)
      wait(member, now + fate, stepMs)
    end
  elseif not holder and not (redis.call('ZSCORE', lease, member)
      or redis.call('ZSCORE', ready, member) or redis.call('ZSCORE', delayed, member)) then
    put_back(member, now)
  end
end

-- 2. A queue that was wiped, or came back with an older state, is rebuilt before anything is taken.
if redis.call('GET', KEYS[8]) ~= ARGV[2] then
  return {0, -1, 0, 0, 0}
end

-- 3. What has become due is ready, in bounded steps. Of every priority at least as many as are wanted,
-- so that what is taken below is what would be taken if all of it were ready.
if redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'LIMIT', 0, 1)[1] then
  local most = math.max(bound, wanted)
  for p = 9, 1, -1 do
    local first = (9 - p) * RANK
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', ranked, first, first + now, 'LIMIT', 0, most)) do
      local due = tonumber(redis.call('ZSCORE', delayed, member) or now + 1)
      redis.call('ZREM', ranked, member)
      if due <= now then
        redis.call('ZREM', delayed, member)
        wait(member, due, stepMs)
      end
    end
  end
  local rest = redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most)
  for i = 1, #rest, 2 do
    stop_waiting(rest[i])
    wait(rest[i], tonumber(rest[i + 1]), stepMs)
  end
end

-- 4. What its owner has let expire goes back to its place. A lease beyond the longest was given by a
-- clock that was ahead.
local ahead = redis.call('ZRANGEBYSCORE', lease, string.format('(%.0f', now + leaseMs), '+inf',
  'LIMIT', 0, bound)
for _, member in ipairs(ahead) do
  redis.call('ZADD', lease, now + leaseMs, member)
end
if mayTakeBack then
  local expired = redis.call('ZRANGEBYSCORE', lease, '-inf', now, 'WITHSCORES', 'LIMIT', 0, bound)
  for i = 1, #expired, 2 do
    local member = expired[i]
    local due = due_of(redis.call('HGET', owner, member)) or expired[i + 1] - leaseMs
    redis.call('ZREM', lease, member)
    redis.call('HDEL', owner, member)
    put_back(member, due)
  end
end

-- 5. Limits. The rate is GCRA (ITU-T I.371): a theoretical arrival time moves one interval a job, and
-- may lie as far ahead of now as the burst allows. One further ahead is from another rate, or from
-- before the clock was set back.
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
  if tat > horizon then
    tat = horizon
    set_arrival(tat)
  end
  allowed = math.max(0, math.min(allowed, math.floor((horizon - tat) / interval + 1e-6)))
end
if paused then
  allowed = 0
end

-- 6. The next ones, under a lease.
local reply = {1, -1, 0, limited, 0}
if allowed > 0 then
  local popped = redis.call('ZPOPMIN', ready, allowed)
  for i = 1, #popped, 2 do
    redis.call('ZADD', lease, now + leaseMs, popped[i])
    local due = popped[i + 1] + priority(popped[i]) * stepMs
    redis.call('HSET', owner, popped[i], holder_of(node, due))
    reply[#reply + 1] = popped[i]
  end
  if rate > 0 and #popped > 0 then
    tat = tat + interval * #popped / 2
    set_arrival(tat)
  end
end
if rate > 0 then
  reply[3] = math.max(0, math.ceil(tat + interval - horizon))
end

-- 7. Whoever leaves work that could be taken wakes the next.
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
