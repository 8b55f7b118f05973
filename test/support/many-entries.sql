-- Adds unsealed audit entries of 5,000 users over 400 days, in SQL that both SQLite and PostgreSQL support.
-- {entries} and {now} are placeholders for numbers. Of the entries:
-- - one in 3 has the administrator as actor
-- - one in 5 has a token and its owner as subjects
-- - one in 50 failed
-- - one in 100 has 40 users as subjects
-- - one in 200,001 has a rare action

INSERT INTO audit_events (
  id, sequence, time, "actorId", "actorName", "subjectKind", "subjectId", "subjectName", action, outcome, address, "traceId",
  after, "keyId", "previousMac", mac
)
WITH RECURSIVE
  numbers (n) AS (SELECT CAST(100 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {entries} + 99),
  named (n, "user", "userId", failed, action) AS (
    SELECT
      n, 'user-' || (n % 5000), '01900000-0000-7000-8000-' || (100000000000 + n % 5000), n % 50 = 7,
      CASE
        WHEN n % 200001 = 5 THEN 'role_deleted'
        WHEN n % 50 = 7 THEN 'authn_login_fail'
        WHEN n % 5 < 2 THEN 'authn_login_success'
        WHEN n % 5 = 2 THEN 'authn_logout'
        WHEN n % 5 = 3 THEN 'authn_token_created'
        ELSE 'user_updated'
      END
    FROM numbers
  )
SELECT
  '01900001-0000-7000-8000-' || (100000000000 + n),
  n,
  {now} - 34560000000 + n * 34560000000 / ({entries} + 100),
  CASE WHEN failed THEN NULL WHEN n % 3 = 0 THEN '01900000-0000-7000-8000-' || (100000000000 + 5000) ELSE "userId" END,
  CASE WHEN failed THEN NULL WHEN n % 3 = 0 THEN 'admin' ELSE "user" END,
  CASE WHEN action = 'authn_logout' THEN 'token' ELSE 'user' END,
  CASE
    WHEN n % 100 = 4 THEN NULL
    WHEN action = 'authn_logout' THEN '01900003-0000-7000-8000-' || (100000000000 + n)
    ELSE "userId"
  END,
  CASE WHEN n % 100 = 4 THEN 'bulk' ELSE "user" END,
  action,
  CASE WHEN failed THEN 'failure' ELSE 'success' END,
  CASE WHEN n % 10 = 0 THEN '192.0.2.1' ELSE '10.0.' || (n % 7) || '.' || (n % 250) END,
  '01900002-0000-7000-8000-' || (100000000000 + n),
  '{"tokenId":"01900003-0000-7000-8000-' || (100000000000 + n) || '"}',
  'no key', '', ''
FROM named;

INSERT INTO audit_event_subjects (sequence, id, name)
SELECT sequence, '01900000-0000-7000-8000-' || (100000000000 + 5000), 'admin'
FROM audit_events WHERE "keyId" = 'no key' AND sequence % 3 = 0;

INSERT INTO audit_event_subjects (sequence, id, name)
SELECT sequence, '01900000-0000-7000-8000-' || (100000000000 + sequence % 5000), 'user-' || (sequence % 5000)
FROM audit_events WHERE "keyId" = 'no key' AND "subjectKind" = 'token';

INSERT INTO audit_event_subjects (sequence, id, name)
WITH RECURSIVE others (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM others WHERE i < 39)
SELECT
  sequence, '01900000-0000-7000-8000-' || (100000000000 + (sequence + i * 123) % 5000), 'user-' || ((sequence + i * 123) % 5000)
FROM audit_events CROSS JOIN others WHERE "keyId" = 'no key' AND "subjectName" = 'bulk';

UPDATE audit_chain SET sequence = {entries} + 100, "latestTime" = {now}, "clockSetback" = 1500;
