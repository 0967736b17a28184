-- Renews the leases of one node.
-- KEYS  ready delayed lease owner limits rate wake epoch
-- ARGV  node, lease ms, adopt (1: take leases that nobody holds), member ...
-- Reply {{lost...}, {unknown...}}: held by another node; held by nobody
local ready, delayed, lease, owner = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, adopt = ARGV[1], ARGV[3] == '1'
local t = redis.call('TIME')
local deadline = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[2]
local lost, unknown = {}, {}
for i = 4, #ARGV do
  local member = ARGV[i]
  local holder = redis.call('HGET', owner, member)
  if holder == node or (adopt and not holder) then
    redis.call('ZADD', lease, deadline, member)
    if holder ~= node then
      redis.call('HSET', owner, member, node)
      redis.call('ZREM', ready, member)
      redis.call('ZREM', delayed, member)
    end
  elseif holder then
    lost[#lost + 1] = member
  else
    unknown[#unknown + 1] = member
  end
end
return {lost, unknown}
