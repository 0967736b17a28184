-- Gives a lease back unused. ARGV: 1 member, 2 token. Returns whether it was still held.
if redis.call('GET', lease_key(ARGV[1])) == ARGV[2] then
  redis.call('DEL', lease_key(ARGV[1]))
  return 1
end
return 0
