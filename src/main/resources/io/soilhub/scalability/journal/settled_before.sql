-- Tells a settlement that an interrupted commit had made already from one that came too late.
SELECT j.job_id, j.fence, j.status, extract(epoch FROM j.run_at - now()) * 1000 AS due_ms
FROM unnest(?::uuid[], ?::bigint[], ?::text[]) AS s(job_id, fence, wanted)
JOIN job j ON j.job_id = s.job_id AND j.fence = s.fence AND j.status = s.wanted
