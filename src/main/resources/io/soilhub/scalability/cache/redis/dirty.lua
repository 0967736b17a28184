-- The writes that have waited longest for the third level. One node at a time takes them; should
-- two, the version of each decides.
-- ARGV: 1 node, 2 ms for which it keeps the others away, 3 most writes and 4 bytes, or one write
-- Returns: member, frame, whether it still holds, for each
local holder = redis.call('GET', DIRTY .. ':flusher')
if holder and holder ~= ARGV[1] then
  return {}
end
local members = redis.call('ZRANGE', ORDER, 0, ARGV[3] - 1)
if #members == 0 then
  return {}
end
redis.call('DEL', DIRTY .. ':flusher')
redis.call('SET', DIRTY .. ':flusher', ARGV[1], 'PX', ARGV[2])
write_behind()
local writes, bytes = {}, 0
for _, member in ipairs(members) do
  local answer = redis.call('HGET', DIRTY, member)
  local frame = frame_of(answer)
  if frame and #writes > 0 and bytes + #frame > tonumber(ARGV[4]) then
    break
  end
  if frame then
    bytes = bytes + #frame
    writes[#writes + 1] = member
    writes[#writes + 1] = frame
    writes[#writes + 1] = tags_hold(frame) and 1 or 0
  elseif answer then
    -- Of a newer version, perhaps: to the end, where it keeps no other back.
    redis.call('ZADD', ORDER, text(ms), member)
  else
    redis.call('ZREM', ORDER, member)
  end
end
return writes
