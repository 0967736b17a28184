-- What the scripts of a queue share.
-- KEYS  ready delayed lease owner limits rate wake epoch contact ranked
--
-- owner    of a leased member: its node, the time at which the member had become due (its place in
--          the order, to which it returns unless it is told otherwise), and a + when it was announced
--          while it was leased. Replicas of an older version write the node alone.
-- ranked   the members of `delayed` above priority 0, by priority before due time. Only an index:
--          `delayed` decides, which is all that replicas of an older version know.
-- contact  at: when a node was last heard; grace: until when no lease is taken back, if it is not over.
local ready, delayed, lease, owner, contact, ranked =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[9], KEYS[10]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

-- Greater than every time, and small enough for nine of them to be exact in a double.
local RANK = 1e15

local function priority(member)
  return tonumber(string.sub(member, 1, 1))
end

local function rank(member)
  return (9 - priority(member)) * RANK
end

-- Lets a member wait for its time or, when that has come, for a node.
-- Returns whether it is ready
local function wait(member, due, stepMs)
  if due <= now then
    redis.call('ZADD', ready, due - priority(member) * stepMs, member)
    return true
  end
  redis.call('ZADD', delayed, due, member)
  if priority(member) > 0 then
    redis.call('ZADD', ranked, rank(member) + due, member)
  end
  return false
end

local function stop_waiting(member)
  redis.call('ZREM', ready, member)
  redis.call('ZREM', delayed, member)
  redis.call('ZREM', ranked, member)
end

local function holder_of(node, due)
  return string.format('%s %.0f', node, due)
end

local function holds(node, holder)
  return holder == node or (holder and string.sub(holder, 1, #node + 1) == node .. ' ')
end

local function due_of(holder)
  return holder and tonumber(string.match(holder, ' (%-?%d+)%+?$'))
end

local function was_announced(holder)
  return holder and string.sub(holder, -1) == '+'
end

-- Notes that a node was heard. When none was for half a lease, Redis could not be reached or its
-- clock stepped, and a lease that ran out says nothing about its owner: for one lease none is taken
-- back, in which the owners renew theirs.
-- Returns whether leases that ran out may be taken back
local function heard(leaseMs)
  local was = redis.call('HMGET', contact, 'at', 'grace')
  local at, grace = tonumber(was[1] or now), tonumber(was[2] or 0)
  if math.abs(now - at) > leaseMs / 2 then
    grace = now + leaseMs
  end
  -- The first write of a script must be one that needs no memory: those after it are then let through
  -- by a Redis that is full, which otherwise could be neither drained nor told who lives.
  redis.call('HDEL', contact, 'grace')
  redis.call('HSET', contact, 'at', now)
  if now < grace then
    redis.call('HSET', contact, 'grace', grace)
  end
  return now >= grace
end
