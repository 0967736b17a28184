-- Put before every script of this package.
-- KEYS: 1 state, 2 log, 3 values and 4 order of writes that wait for the third level, 5 keys and 6
-- tags whose invalidation it is owed, 7 tags whose purge a CDN is owed. The other keys are made of names in the arguments: each server
-- is used on its own, never as a part of a Redis Cluster.
--
-- The state is one hash, so that it is evicted or lost as a whole:
--   epoch    changes when promises of before may have been lost; entries of another one are void
--   run      run id of the server that made the epoch
--   since    when the epoch began, ms
--   seq      number of the last mutation in the log
--   tagseq   number of the last mutation that changed a tag
--   version  last version given to a write
--   behind   when writes were last noted for the third level or handed on to it, ms
--   m:<node> "seq:ms", what the node has applied and when it said so
--   b:<node> its staleness bound, ms; a node of an older version has none
--
-- A server whose memory is full, and which evicts nothing, refuses a command that takes memory if it is
-- the first write of its script. So what has to go on then begins with a write that takes none, also
-- where that one is superfluous: what voids entries, pays debts or follows the log. What stores values
-- begins with a write that is refused.
local STATE, LOG, DIRTY, ORDER = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local OWED_KEYS, OWED_TAGS, OWED_PURGES = KEYS[5], KEYS[6], KEYS[7]
local time = redis.call('TIME')
local us = time[1] * 1000000 + time[2]
local ms = math.floor(us / 1000)

local function text(number)
  return string.format('%.0f', number)
end

local epoch, seq, tagseq, version, since, behind

local function new_epoch(run)
  redis.call('DEL', STATE, LOG)
  -- Later than every epoch before, also when the clock of the server that took over is behind.
  epoch = math.max(us, (epoch or 0) + 1)
  seq, tagseq, since = 0, 0, ms
  version = math.max(version or 0, us)
  redis.call('HSET', STATE, 'epoch', text(epoch), 'run', run, 'since', text(ms),
    'seq', '0', 'tagseq', '0', 'version', text(version))
  if behind then
    redis.call('HSET', STATE, 'behind', text(behind))
  end
end

local known = redis.call('HMGET', STATE, 'epoch', 'seq', 'tagseq', 'version', 'since', 'behind')
behind = known[6] and tonumber(known[6])
if known[1] then
  epoch, seq, tagseq = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
  version, since = tonumber(known[4]), tonumber(known[5])
else
  new_epoch('')
end

local function entry_key(member)
  return 'cache:entry:' .. member
end

local function lease_key(member)
  return 'cache:lease:' .. member
end

local function tag_key(tag)
  return 'cache:tag:' .. tag
end

-- A tag ends so many ms after the last entry that carries it.
local TAG_MARGIN = 60000

-- version of a tag and the number of the mutation that gave it, 0 for one of an older epoch, whose
-- numbers mean nothing in this one; nothing for an unknown tag
local function tag_of(tag)
  local value = redis.call('GET', tag_key(tag))
  if not value then
    return nil
  end
  local tag_version, changed, its_epoch = string.match(value, '^(%d+):(%d+):(%d+)$')
  return tonumber(tag_version), its_epoch == text(epoch) and tonumber(changed) or 0
end

local function tag_value(tag_version, at)
  return text(tag_version) .. ':' .. text(at) .. ':' .. text(epoch)
end

-- Gives a tag a new version. No entry can carry an unknown one, and loads under way learn from
-- tagseq that some tag has changed: so it is not made, and tags that nobody uses cost nothing.
local function change_tag(tag)
  local its_version = tag_of(tag)
  local tag_version = math.max((its_version or 0) + 1, us)
  if its_version then
    redis.call('SET', tag_key(tag), tag_value(tag_version, seq), 'KEEPTTL')
  end
  return tag_version
end

-- The version that a new entry notes.
local function noted_version(tag)
  return tag_of(tag) or us
end

-- Keeps a tag a little longer than an entry that noted its version, and is kept for so many ms. An
-- unknown tag is made: "absent" must never be a version, or the eviction of a tag would bring entries
-- back to life.
local function keep_tag(tag, kept)
  local ends = kept + TAG_MARGIN
  if not tag_of(tag) then
    redis.call('SET', tag_key(tag), tag_value(us, seq), 'PX', text(ends))
  elseif redis.call('PTTL', tag_key(tag)) < ends then
    redis.call('PEXPIRE', tag_key(tag), text(ends))
  end
end

-- Frame: 1, epoch, version, soft and hard end in ms, count of tags, tags with versions, payload
local function pack(frame_version, soft, hard, tags, versions, payload)
  local parts = { struct.pack('>I1I8I8I8I8I2', 1, epoch, frame_version, soft, hard, #tags) }
  for i = 1, #tags do
    parts[#parts + 1] = struct.pack('>I2', #tags[i])
    parts[#parts + 1] = tags[i]
    parts[#parts + 1] = struct.pack('>I8', versions[i])
  end
  parts[#parts + 1] = payload
  return table.concat(parts)
end

-- A frame as a script of this version packs it. Any other bytes, and an entry that is no string, count as
-- nothing: they are neither believed nor in the way.
local function readable(frame)
  if type(frame) ~= 'string' or #frame < 35 or string.byte(frame) ~= 1 then
    return false
  end
  local count, at = struct.unpack('>I2', frame, 34)
  for _ = 1, count do
    if at + 1 > #frame then
      return false
    end
    at = at + 10 + struct.unpack('>I2', frame, at)
  end
  return at <= #frame + 1
end

local function frame_of(answer)
  return readable(answer) and answer or nil
end

local function entry_frame(member)
  return frame_of(redis.pcall('GET', entry_key(member)))
end

local function frame_version(frame)
  local _, _, its_version = struct.unpack('>I1I8I8', frame)
  return its_version
end

local function tags_hold(frame)
  local _, _, _, _, _, count, at = struct.unpack('>I1I8I8I8I8I2', frame)
  for _ = 1, count do
    local length
    length, at = struct.unpack('>I2', frame, at)
    local tag = string.sub(frame, at, at + length - 1)
    local noted
    noted, at = struct.unpack('>I8', frame, at + length)
    if tag_of(tag) ~= noted then
      return false
    end
  end
  return true
end

-- Nothing has been invalidated since the frame was written; it may be too old nevertheless.
local function holds(frame)
  local _, its_epoch = struct.unpack('>I1I8', frame)
  return its_epoch == epoch and tags_hold(frame)
end

local function hard_end(frame)
  local _, _, _, _, hard = struct.unpack('>I1I8I8I8I8', frame)
  return hard
end

-- A write that waits to reach the third level is the truth, whatever became of the entry.
local function dirty_frame(member)
  local frame = frame_of(redis.call('HGET', DIRTY, member))
  if frame and tags_hold(frame) and ms < hard_end(frame) then
    return frame
  end
  return nil
end

local function next_version(floor)
  version = math.max(version + 1, us, floor + 1)
  redis.call('HSET', STATE, 'version', text(version))
  return version
end

-- Whether the third level may be believed for a key: nothing is owed to it.
local function third_level_holds(member)
  if redis.call('ZSCORE', OWED_KEYS, member) then
    return 0
  end
  -- Which entries carry an owed tag only the third level knows: all of it waits.
  return redis.call('EXISTS', OWED_TAGS) == 0 and 1 or 0
end

-- Notes that a CDN is owed the purge of the tags that stand in ARGV from `first` on: purges are written
-- down where the third level is, which is away.
local function owe_purges(first)
  for i = first, #ARGV do
    redis.call('ZADD', OWED_PURGES, text(seq), ARGV[i])
  end
end

-- Writes follow to the third level: noted now, or handed on.
local function write_behind()
  behind = ms
  redis.call('HSET', STATE, 'behind', text(ms))
end

-- Whether some node has written behind within the last hour: 1 or 0. Then a write may be on its way
-- to the third level that was read here before this mutation, whatever the settings of the mutating
-- node are.
local function writes_behind()
  return behind and ms - behind < 3600000 and 1 or 0
end

-- Number of the mutation up to which no node can answer from memory what was before it, and the
-- longest bound of the nodes. A node that said nothing for longer than its bound no longer answers
-- from memory, so it need not be waited for. Who was there before the epoch began, and with which
-- bound, nobody knows until the longest one that was known has passed: then -1.
local function applied_by_all(longest)
  local fields = redis.call('HGETALL', STATE)
  local bounds = {}
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'b:' then
      bounds[string.sub(fields[i], 3)] = tonumber(fields[i + 1])
    end
  end
  local before = tonumber(longest)
  local applied, now = seq, 0
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'm:' then
      local node = string.sub(fields[i], 3)
      local bound = bounds[node] or before
      local colon = string.find(fields[i + 1], ':', 1, true)
      local said = tonumber(string.sub(fields[i + 1], colon + 1))
      if said >= ms - bound * 1.2 then
        applied = math.min(applied, tonumber(string.sub(fields[i + 1], 1, colon - 1)))
        now = math.max(now, bound)
      elseif said + bound * 1.2 + 60000 < ms then
        redis.call('HDEL', STATE, fields[i], 'b:' .. node)
      end
    end
  end
  if since > ms - math.max(now, before) * 1.2 then
    return '-1', text(math.max(now, before))
  end
  return text(applied), text(now > 0 and now or before)
end
