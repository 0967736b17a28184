-- Voids entries by key and by tag, breaks the leases of loads under way, and logs it. The cost does
-- not depend on how many entries carry a tag: they die when they are next looked at.
-- ARGV: 1 version at least, 2 whether the third level is owed it, 3 longest log, 4 token and 5 ms of
-- a lease for the writer ('' for none), 6 name under which it is told once only ('' for none), 7
-- count of members, then members, then tags
-- Returns: epoch, seq, how many entries there were, version, tagseq, whether the third level may be
-- believed for the first member
local count = tonumber(ARGV[7])
if ARGV[6] ~= '' then
  -- Told a second time it would void what was written after the first.
  local told = 'cache:told:' .. text(epoch) .. ':' .. ARGV[6]
  if not redis.call('SET', told, '1', 'NX', 'EX', 86400) then
    return { text(epoch), text(seq), 0, text(version), text(tagseq), 1 }
  end
end
local believe = count > 0 and third_level_holds(ARGV[8]) or 1
local owed = ARGV[2] == '1'
seq = seq + 1
redis.call('HSET', STATE, 'seq', text(seq))
local result = { text(epoch), text(seq), 0, text(next_version(tonumber(ARGV[1]))) }
local log = { 's', text(seq) }
for i = 8, 7 + count do
  local member = ARGV[i]
  local frame = redis.call('GET', entry_key(member))
  if dirty_frame(member) or frame and holds(frame) and ms < hard_end(frame) then
    result[3] = result[3] + 1
  end
  redis.call('DEL', entry_key(member), lease_key(member))
  redis.call('HDEL', DIRTY, member)
  redis.call('ZREM', ORDER, member)
  if ARGV[4] ~= '' then
    redis.call('SET', lease_key(member), ARGV[4], 'PX', ARGV[5])
  end
  if owed then
    redis.call('ZADD', OWED_KEYS, text(seq), member)
  end
  log[#log + 1] = 'k'
  log[#log + 1] = member
end
for i = 8 + count, #ARGV do
  local tag = ARGV[i]
  local tag_version = math.max((tag_of(tag) or 0) + 1, us)
  set_tag(tag, tag_version, seq)
  if owed then
    redis.call('ZADD', OWED_TAGS, text(seq), tag)
  end
  log[#log + 1] = 't'
  log[#log + 1] = tag
  log[#log + 1] = 'v'
  log[#log + 1] = text(tag_version)
end
if 7 + count < #ARGV then
  tagseq = seq
  redis.call('HSET', STATE, 'tagseq', text(tagseq))
end
result[5] = text(tagseq)
result[6] = believe
redis.call('XADD', LOG, 'MAXLEN', '~', ARGV[3], '*', unpack(log))
return result
