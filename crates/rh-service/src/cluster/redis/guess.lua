-- One attempt to enter a code, or the count of one that failed elsewhere, in one step: however many
-- guess at once, no more of them learn something than may.
--
-- KEYS: the code; the failures of the account, the network and the tenant, oldest first; the tenant's
-- guessers; the tenant's alarm.
-- ARGV: 'enter' or 'failed'; milliseconds that the clock is ahead; the account; the windows of the
-- three as JSON, each [most, milliseconds].
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
local ledgers = {
    { key = KEYS[2] },
    { key = KEYS[3] },
    { key = KEYS[4] },
}
for nth, windows in ipairs(cjson.decode(ARGV[4])) do
    local ledger = ledgers[nth]
    ledger.windows, ledger.most, ledger.widest = windows, 0, 0
    for _, window in ipairs(windows) do
        ledger.most = math.max(ledger.most, window[1])
        ledger.widest = math.max(ledger.widest, window[2])
    end
end

-- The failure that is `most` back must be out of the window.
local function wait(ledger)
    local longest = 0
    for _, window in ipairs(ledger.windows) do
        local first = redis.call('LINDEX', ledger.key, -window[1])
        if first then
            longest = math.max(longest, first + window[2] - now)
        end
    end
    return longest
end

if ARGV[1] == 'enter' then
    local longest = 0
    for _, ledger in ipairs(ledgers) do
        longest = math.max(longest, wait(ledger))
    end
    if longest > 0 then
        return { 'wait', longest }
    end
    local owner = redis.call('GET', KEYS[1])
    if owner then
        return { 'at', owner }
    end
end

for _, ledger in ipairs(ledgers) do
    redis.call('RPUSH', ledger.key, string.format('%.0f', now))
    redis.call('LTRIM', ledger.key, -ledger.most, -1)
    redis.call('PEXPIRE', ledger.key, ledger.widest)
end
local tenant = ledgers[3]
redis.call('ZADD', KEYS[5], now, ARGV[3])
redis.call('PEXPIRE', KEYS[5], tenant.widest)
if wait(tenant) <= 0 then
    return { 'dead' }
end
local raised = redis.call('GET', KEYS[6])
if raised and now < raised + tenant.widest then
    return { 'dead' }
end
redis.call('SET', KEYS[6], string.format('%.0f', now), 'PX', tenant.widest)
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - tenant.widest)
return { 'dead', redis.call('LLEN', tenant.key), redis.call('ZCARD', KEYS[5]) }
