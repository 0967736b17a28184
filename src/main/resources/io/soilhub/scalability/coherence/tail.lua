-- One step along the log: says what this node has applied, and gives it what is new. A node that
-- gets nothing new knows that it was up to date when it asked.
-- ARGV: 1 node, 2 seq and 3 epoch that it has applied, 4 id of the last log record read ('' for the
-- newest), 5 bound ms, 6 most records at a time
-- Returns: epoch, seq, id of the newest record, seq that every node has applied, now ms, records
local newest = redis.call('XREVRANGE', LOG, '+', '-', 'COUNT', 1)
local newest_id = newest[1] and newest[1][1] or '0-0'
local records = {}
if tonumber(ARGV[3]) == epoch then
  redis.call('HSET', STATE, 'm:' .. ARGV[1], ARGV[2] .. ':' .. text(ms))
  if ARGV[4] ~= '' and tonumber(ARGV[2]) < seq then
    records = redis.call('XRANGE', LOG, '(' .. ARGV[4], '+', 'COUNT', ARGV[6])
  end
end

-- A node that said nothing for longer than the bound no longer answers from memory, so it need not
-- be waited for. Who was there before the epoch began nobody knows until the bound has passed.
local bound = tonumber(ARGV[5]) * 1.2
local applied_by_all = seq
if ms < since + bound then
  applied_by_all = -1
else
  local fields = redis.call('HGETALL', STATE)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'm:' then
      local colon = string.find(fields[i + 1], ':', 1, true)
      local said = tonumber(string.sub(fields[i + 1], colon + 1))
      if said + bound >= ms then
        applied_by_all = math.min(applied_by_all, tonumber(string.sub(fields[i + 1], 1, colon - 1)))
      elseif said + 60000 < ms then
        redis.call('HDEL', STATE, fields[i])
      end
    end
  end
end
return { text(epoch), text(seq), newest_id, text(applied_by_all), text(ms), records }
