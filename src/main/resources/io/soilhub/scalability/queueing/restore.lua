-- Puts jobs that the journal holds as running under a lease of nobody, unless somebody holds them: a
-- live owner adopts it at its next heartbeat, a dead one's expires.
-- KEYS  ready delayed lease owner limits rate wake epoch
-- ARGV  lease ms, distrust (1: a place in ready may be from before the claim), member ...
-- Reply number restored
local ready, delayed, lease = KEYS[1], KEYS[2], KEYS[3]
local t = redis.call('TIME')
local deadline = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[1]
local restored = 0
for i = 3, #ARGV do
  local member = ARGV[i]
  local waiting = redis.call('ZSCORE', ready, member) or redis.call('ZSCORE', delayed, member)
  if not redis.call('ZSCORE', lease, member) and (not waiting or ARGV[2] == '1') then
    redis.call('ZREM', ready, member)
    redis.call('ZREM', delayed, member)
    redis.call('ZADD', lease, deadline, member)
    restored = restored + 1
  end
end
return restored
