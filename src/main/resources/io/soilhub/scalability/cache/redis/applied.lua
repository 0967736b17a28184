-- How far all nodes are.
-- ARGV: 1 longest bound known, ms
-- Returns: epoch, seq that every node has applied, longest bound
local applied, longest = applied_by_all(ARGV[1])
return { text(epoch), applied, longest }
