-- Put between the state and a script that voids entries.

-- Makes room in the log, and with it in a server that is full: to be called before all other writes.
local function trim_log(longest)
  redis.call('XTRIM', LOG, 'MAXLEN', '~', longest)
end

-- Voids entries by key and by tag, breaks the leases of loads under way, and logs it as one mutation.
-- The cost does not depend on how many entries carry a tag: they die when they are next looked at.
-- `first` is the index in ARGV from which so many members and then so many tags stand, `floor` what
-- the mutation's version has to be above. Returns how many valid entries there were by key.
local function void(first, members, tags, floor, owed)
  seq = seq + 1
  redis.call('HSET', STATE, 'seq', text(seq))
  next_version(floor)
  local existed, log = 0, { 's', text(seq) }
  for i = first, first + members - 1 do
    local member = ARGV[i]
    local frame = entry_frame(member)
    if dirty_frame(member) or frame and holds(frame) and ms < hard_end(frame) then
      existed = existed + 1
    end
    redis.call('DEL', entry_key(member), lease_key(member))
    redis.call('HDEL', DIRTY, member)
    redis.call('ZREM', ORDER, member)
    if owed then
      redis.call('ZADD', OWED_KEYS, text(seq), member)
    end
    log[#log + 1] = 'k'
    log[#log + 1] = member
  end
  for i = first + members, first + members + tags - 1 do
    local tag = ARGV[i]
    local tag_version = change_tag(tag)
    if owed then
      redis.call('ZADD', OWED_TAGS, text(seq), tag)
    end
    log[#log + 1] = 't'
    log[#log + 1] = tag
    log[#log + 1] = 'v'
    log[#log + 1] = text(tag_version)
  end
  if tags > 0 then
    tagseq = seq
    redis.call('HSET', STATE, 'tagseq', text(tagseq))
  end
  redis.call('XADD', LOG, '*', unpack(log))
  return existed
end
