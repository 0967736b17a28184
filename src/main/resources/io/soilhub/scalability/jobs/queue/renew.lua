-- Renews the leases of one node.
-- ARGV  node, lease ms, adopt (1: take leases that nobody holds), member ...
-- Reply {{lost...}, {unknown...}}: held by another node; held by nobody
local node, leaseMs, adopt = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local lost, unknown = {}, {}
heard(leaseMs)
for i = 4, #ARGV do
  local member = ARGV[i]
  local holder = redis.call('HGET', owner, member)
  if holds(node, holder) then
    redis.call('ZADD', lease, now + leaseMs, member)
  elseif holder then
    lost[#lost + 1] = member
  elseif adopt then
    redis.call('ZADD', lease, now + leaseMs, member)
    redis.call('HSET', owner, member, holder_of(node, now))
    stop_waiting(member)
  else
    unknown[#unknown + 1] = member
  end
end
return {lost, unknown}
