-- Forgets writes that have reached the third level, unless a newer one came meanwhile.
-- ARGV: member, version, for each
for i = 1, #ARGV, 2 do
  local frame = frame_of(redis.call('HGET', DIRTY, ARGV[i]))
  if frame and text(frame_version(frame)) == ARGV[i + 1] then
    redis.call('HDEL', DIRTY, ARGV[i])
    redis.call('ZREM', ORDER, ARGV[i])
  end
end
return redis.call('ZCARD', ORDER)
