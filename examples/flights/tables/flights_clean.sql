-- One row a scheduled flight. Row-wise: every row keeps its own known-at.
SELECT
  *,
  time_hour + minute * INTERVAL '1 minute' AS sched_at
FROM flights
