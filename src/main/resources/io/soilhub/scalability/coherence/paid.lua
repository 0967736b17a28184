-- Forgets invalidations that have reached the third level, unless they are owed again.
-- ARGV: 1 count of members, then member, seq for each, then tag, seq for each
local split = 1 + 2 * ARGV[1]
for i = 2, #ARGV, 2 do
  local owed = i <= split and OWED_KEYS or OWED_TAGS
  local owed_at = redis.call('ZSCORE', owed, ARGV[i])
  if owed_at and text(tonumber(owed_at)) == ARGV[i + 1] then
    redis.call('ZREM', owed, ARGV[i])
  end
end
return redis.call('ZCARD', OWED_KEYS) + redis.call('ZCARD', OWED_TAGS)
