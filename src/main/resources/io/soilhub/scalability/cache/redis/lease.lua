-- Gives the entry, or the right to load it, or says that another one is loading it.
-- ARGV: 1 member, 2 token, 3 lease ms, 4 "read" or "reload" (although it is valid), 5.. tags that
-- the loaded value will surely carry
-- Returns: status, epoch, seq, tagseq, whether the third level may be believed, frame, now ms
local member = ARGV[1]
local believe = third_level_holds(member)

local function answer(status, frame)
  return { status, text(epoch), text(seq), text(tagseq), believe, frame or '', text(ms) }
end

local dirty = dirty_frame(member)
if dirty then
  return answer('HIT', dirty)
end
local stale
local frame = entry_frame(member)
if frame and holds(frame) then
  if ms < hard_end(frame) and ARGV[4] ~= 'reload' then
    return answer('HIT', frame)
  end
  stale = frame
end
local holder = redis.call('GET', lease_key(member))
if holder and holder ~= ARGV[2] then
  return answer('WAIT', stale)
end
redis.call('DEL', lease_key(member))
redis.call('SET', lease_key(member), ARGV[2], 'PX', ARGV[3])
for i = 5, #ARGV do
  keep_tag(ARGV[i], tonumber(ARGV[3]))
end
return answer('LEASE', stale)
