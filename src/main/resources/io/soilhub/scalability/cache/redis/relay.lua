-- Voids what this server should have been told of while it was away, each part once within an hour:
-- told a second time it voids what was written after the first.
-- ARGV: 1 longest log, then for each part: name, version at least, counts of members and of tags,
-- members, tags
-- Returns: seq
trim_log(ARGV[1])
local at = 2
while at <= #ARGV do
  local told = 'cache:told:' .. text(epoch) .. ':' .. ARGV[at]
  local members, tags = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  if redis.call('SET', told, '1', 'NX', 'EX', 3600) then
    void(at + 4, members, tags, tonumber(ARGV[at + 1]), false)
  end
  at = at + 4 + members + tags
end
return { text(seq) }
