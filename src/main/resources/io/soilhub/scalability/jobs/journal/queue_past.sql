-- The rate slides: this minute's count and the part of the last minute's that is still within sixty
-- seconds, taken as evenly spread.
SELECT queue, sum(completed) AS completed, sum(failed) AS failed,
       coalesce(sum(completed + failed) FILTER (WHERE minute = date_trunc('minute', now())), 0)
       + coalesce(sum(completed + failed) FILTER
           (WHERE minute = date_trunc('minute', now()) - interval '1 minute'), 0)
         * (1 - extract(second FROM now()) / 60) AS rate
FROM queue_minute GROUP BY queue
