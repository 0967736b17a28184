-- Voids entries by key and by tag.
-- ARGV: 1 version at least, 2 whether the third level is owed it, 3 longest log, 4 token and 5 ms of
-- a lease for the writer ('' for none), 6 count of members and 7 of tags, then members, then tags, then
-- tags whose purge a CDN is owed
-- Returns: epoch, seq, how many entries there were, version, tagseq, whether the third level may be
-- believed for the first member, whether some node writes behind
local first, members, tags = 8, tonumber(ARGV[6]), tonumber(ARGV[7])
local believe = members > 0 and third_level_holds(ARGV[first]) or 1
trim_log(ARGV[3])
local existed = void(first, members, tags, tonumber(ARGV[1]), ARGV[2] == '1')
if ARGV[4] ~= '' then
  for i = first, first + members - 1 do
    redis.call('SET', lease_key(ARGV[i]), ARGV[4], 'PX', ARGV[5])
  end
end
owe_purges(first + members + tags)
return { text(epoch), text(seq), existed, text(version), text(tagseq), believe, writes_behind() }
