-- Voids entries by key and by tag, breaks the leases of loads under way, and logs it. The cost does
-- not depend on how many entries carry a tag: they die when they are next looked at.
-- ARGV: 1 version at least, 2 whether the third level is owed it, 3 longest log, 4 token and 5 ms of
-- a lease for the writer ('' for none), 6 count of members, then members, then tags
-- Returns: epoch, seq, how many entries there were, version, tagseq
local count = tonumber(ARGV[6])
local owed = ARGV[2] == '1'
seq = seq + 1
redis.call('HSET', STATE, 'seq', text(seq))
local result = { text(epoch), text(seq), 0, text(next_version(tonumber(ARGV[1]))) }
local log = { 's', text(seq) }
for i = 7, 6 + count do
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
for i = 7 + count, #ARGV do
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
if 6 + count < #ARGV then
  tagseq = seq
  redis.call('HSET', STATE, 'tagseq', text(tagseq))
end
result[5] = text(tagseq)
redis.call('XADD', LOG, 'MAXLEN', '~', ARGV[3], '*', unpack(log))
return result
