-- Adds jobs that the queue does not hold yet; any number of times the same, and however late. What
-- waits here for longer than it has to (a clock was set back) waits as it should afterwards.
-- ARGV  ageing ms a step, then member, ms until due ...
-- Reply number added
local TOLERANCE = 1000
local stepMs = tonumber(ARGV[1])
local added, woken = 0, false
for i = 2, #ARGV, 2 do
  local member, due = ARGV[i], now + ARGV[i + 1]
  local place, later = redis.call('ZSCORE', ready, member), redis.call('ZSCORE', delayed, member)
  if redis.call('ZSCORE', lease, member) then
    -- Its owner may be about to give it back as ended while it has been opened again.
    local holder = redis.call('HGET', owner, member)
    if due_of(holder) and not was_announced(holder) then
      redis.call('HSET', owner, member, holder .. '+')
    end
  elseif place then
    if due <= now and place + priority(member) * stepMs > due + TOLERANCE then
      wait(member, due, stepMs)
    end
  elseif not later or math.abs(later - due) > TOLERANCE then
    if later then
      stop_waiting(member)
    else
      added = added + 1
    end
    woken = wait(member, due, stepMs) or woken
  end
end
if woken and redis.call('LLEN', KEYS[7]) == 0 then
  redis.call('LPUSH', KEYS[7], 1)
end
return added
