-- Forgets what was owed and has been paid, unless it is owed again.
-- ARGV: for each, 1 for the invalidation of a key, 2 for that of a tag, 3 for a purge; its name; its seq
local owed = { OWED_KEYS, OWED_TAGS, OWED_PURGES }
for i = 1, #ARGV, 3 do
  local set = owed[tonumber(ARGV[i])]
  local owed_at = redis.call('ZSCORE', set, ARGV[i + 1])
  if owed_at and text(tonumber(owed_at)) == ARGV[i + 2] then
    redis.call('ZREM', set, ARGV[i + 1])
  end
end
return { text(seq) }
