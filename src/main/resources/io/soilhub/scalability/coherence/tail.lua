-- One step along the log: says what this node has applied, and gives it what is new. A node that
-- gets nothing new knows that it was up to date when it asked.
-- ARGV: 1 node, 2 seq and 3 epoch that it has applied, 4 id of the last log record read ('' for the
-- newest), 5 bound ms, 6 most records at a time
-- Returns: epoch, seq, id of the newest record, seq that every node has applied, now ms, records
local newest = redis.call('XREVRANGE', LOG, '+', '-', 'COUNT', 1)
local newest_id = newest[1] and newest[1][1] or '0-0'
local records = {}
if tonumber(ARGV[3]) == epoch then
  redis.call('HDEL', STATE, 'm:' .. ARGV[1])
  redis.call('HSET', STATE, 'm:' .. ARGV[1], ARGV[2] .. ':' .. text(ms))
  if ARGV[4] ~= '' and tonumber(ARGV[2]) < seq then
    records = redis.call('XRANGE', LOG, '(' .. ARGV[4], '+', 'COUNT', ARGV[6])
  end
end

return { text(epoch), text(seq), newest_id, applied_by_all(ARGV[5]), text(ms), records }
