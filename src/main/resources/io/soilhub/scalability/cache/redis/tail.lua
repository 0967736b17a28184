-- One step along the log: says what this node has applied, and gives it what is new. A node that
-- gets nothing new knows that it was up to date when it asked.
-- ARGV: 1 node, 2 seq and 3 epoch that it has applied, 4 id of the last log record read ('' for the
-- newest), 5 its bound and 6 the longest bound known, ms, 7 most records at a time
-- Returns: epoch, seq, id of the newest record, seq that every node has applied, now ms, records,
-- longest bound, whether some node writes behind
local newest = redis.call('XREVRANGE', LOG, '+', '-', 'COUNT', 1)
local newest_id = newest[1] and newest[1][1] or '0-0'
local records = {}
if tonumber(ARGV[3]) == epoch then
  redis.call('HDEL', STATE, 'm:' .. ARGV[1])
  redis.call('HSET', STATE, 'm:' .. ARGV[1], ARGV[2] .. ':' .. text(ms), 'b:' .. ARGV[1], ARGV[5])
  if ARGV[4] ~= '' and tonumber(ARGV[2]) < seq then
    records = redis.call('XRANGE', LOG, '(' .. ARGV[4], '+', 'COUNT', ARGV[7])
  end
end

local applied, longest = applied_by_all(ARGV[6])
return { text(epoch), text(seq), newest_id, applied, text(ms), records, longest, writes_behind() }
