-- Writes an entry whatever was there, breaks the lease of a load under way, and logs it.
-- ARGV: 1 member, 2 soft and 3 hard end and 4 end of keeping, ms from now, 5 version at least,
-- 6 whether the third level has to follow (write-behind), 7 whether it is owed the invalidation,
-- 8 longest log, 9 payload, 10 count of tags, then tags, then those whose purge a CDN is owed
-- Returns: epoch, seq, whether there was one, version, whether some node writes behind
local member = ARGV[1]
local before = entry_frame(member)
local existed = dirty_frame(member)
  or before and holds(before) and ms < hard_end(before)
seq = seq + 1
-- Refused by a server that is full: then nothing is changed.
redis.call('HSET', STATE, 'seq', text(seq))
local result = { text(epoch), text(seq), existed and 1 or 0, text(next_version(tonumber(ARGV[5]))) }
local tags, versions = {}, {}
local last = 10 + ARGV[10]
for i = 11, last do
  tags[#tags + 1] = ARGV[i]
  versions[#versions + 1] = noted_version(ARGV[i])
  keep_tag(ARGV[i], tonumber(ARGV[4]))
end
local frame = pack(version, ms + ARGV[2], ms + ARGV[3], tags, versions, ARGV[9])
redis.call('SET', entry_key(member), frame, 'PX', ARGV[4])
redis.call('DEL', lease_key(member))
if ARGV[6] == '1' then
  write_behind()
  redis.call('HSET', DIRTY, member, frame)
  redis.call('ZADD', ORDER, 'NX', text(ms), member)
else
  redis.call('HDEL', DIRTY, member)
  redis.call('ZREM', ORDER, member)
end
if ARGV[7] == '1' then
  redis.call('ZADD', OWED_KEYS, text(seq), member)
end
owe_purges(last + 1)
redis.call('XADD', LOG, 'MAXLEN', '~', ARGV[8], '*', 's', text(seq), 'k', member)
result[5] = writes_behind()
return result
