-- Stores what was loaded or written under a lease, if nothing was invalidated since and the server is
-- not full.
-- ARGV: 1 member, 2 token, 3..5 epoch, seq and tagseq of the lease, 6 soft and 7 hard end and 8 end
-- of keeping, ms from now, 9 version, 10 payload, 11.. tags
-- Returns: whether it was stored, seq, versions of the tags
local member = ARGV[1]
if redis.call('GET', lease_key(member)) ~= ARGV[2] then
  return { 0, text(seq) }
end

local function refuse()
  redis.call('DEL', lease_key(member))
  return { 0, text(seq) }
end

if tonumber(ARGV[3]) ~= epoch then
  return refuse()
end
local tags, versions, stored = {}, {}, { 1, text(seq) }
for i = 11, #ARGV do
  local its_version, changed = tag_of(ARGV[i])
  -- An unknown tag is new or was evicted: then it may have changed meanwhile as well.
  if its_version and changed > tonumber(ARGV[4]) or not its_version and tagseq ~= tonumber(ARGV[5]) then
    return refuse()
  end
  tags[#tags + 1] = ARGV[i]
  versions[#versions + 1] = noted_version(ARGV[i])
  stored[#stored + 1] = text(versions[#versions])
end
local frame = pack(tonumber(ARGV[9]), ms + ARGV[6], ms + ARGV[7], tags, versions, ARGV[10])
if redis.pcall('SET', entry_key(member), frame, 'PX', ARGV[8]).err then
  return refuse()
end
for i = 1, #tags do
  keep_tag(tags[i], tonumber(ARGV[8]))
end
redis.call('DEL', lease_key(member))
return stored
