-- Every new connection begins with this: a server that was restarted or took over may have lost the
-- last mutations, and what it lost would be valid again.
-- ARGV: 1 run id of the server
if redis.call('HGET', STATE, 'run') ~= ARGV[1] then
  new_epoch(ARGV[1])
end
return { text(epoch) }
