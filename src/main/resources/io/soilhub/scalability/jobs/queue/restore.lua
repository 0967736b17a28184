-- Puts jobs that the journal holds as running under a lease of nobody, unless somebody holds them: a
-- live owner adopts it at its next heartbeat, a dead one's expires.
-- ARGV  lease ms, distrust (1: a place in ready may be from before the claim), member ...
-- Reply number restored
local restored = 0
for i = 3, #ARGV do
  local member = ARGV[i]
  local waiting = redis.call('ZSCORE', ready, member) or redis.call('ZSCORE', delayed, member)
  if not redis.call('ZSCORE', lease, member) and (not waiting or ARGV[2] == '1') then
    stop_waiting(member)
    redis.call('ZADD', lease, now + ARGV[1], member)
    restored = restored + 1
  end
end
return restored
