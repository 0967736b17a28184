-- Adds jobs that the queue does not hold yet; any number of times the same.
-- KEYS  ready delayed lease owner limits rate wake epoch
-- ARGV  ageing ms a step, fresh (1: just submitted, cannot be held), then member, ms until due ...
-- Reply number added
local ready, delayed, lease = KEYS[1], KEYS[2], KEYS[3]
local stepMs, fresh = tonumber(ARGV[1]), ARGV[2] == '1'
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local added, woken = 0, false
for i = 3, #ARGV, 2 do
  local member, due = ARGV[i], now + ARGV[i + 1]
  local held = not fresh and (redis.call('ZSCORE', lease, member)
    or redis.call('ZSCORE', ready, member) or redis.call('ZSCORE', delayed, member))
  if not held then
    if due > now then
      redis.call('ZADD', delayed, due, member)
    else
      redis.call('ZADD', ready, due - string.sub(member, 1, 1) * stepMs, member)
      woken = true
    end
    added = added + 1
  end
end
if woken and redis.call('LLEN', KEYS[7]) == 0 then
  redis.call('LPUSH', KEYS[7], 1)
end
return added
