-- How far all nodes are.
-- ARGV: 1 bound ms
-- Returns: epoch, seq that every node has applied
return { text(epoch), applied_by_all(ARGV[1]) }
