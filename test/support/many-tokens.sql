-- Users and tokens of every kind and state, in SQL that both SQLite and PostgreSQL support. No token is old
-- enough to be purged, and no session has expired. {users}, {tokens} and {now} are placeholders for numbers.

INSERT INTO users (id, name, "displayName", email, kind, enabled, "tokensRevokedBefore", "creationTime")
WITH RECURSIVE numbers (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {users})
SELECT
  '00000000-0000-7000-8000-' || (100000000000 + n),
  'many-' || n,
  CASE WHEN n % 3 > 0 THEN 'Änne ' || n || ' Öhm' END,
  CASE WHEN n % 4 > 0 THEN 'many' || n || '@example.org' END,
  CASE WHEN n % 10 = 0 THEN 'service' ELSE 'human' END,
  n % 20 <> 7,
  CASE WHEN n % 5 = 0 THEN {now} - 20 * 86400000 ELSE 0 END,
  {now} - 25920000000
FROM numbers;

-- In shuffled order, so that the order of the rows is unrelated to their values.
INSERT INTO tokens (
  id, "userId", kind, note, preview, digest, scope, enabled, "creationTime", "stamp", "expirationTime",
  "idleExpirationTime", "revocationReason", "revocationTime", "lastUsageTime", "lastUsageAddress", "lastUsageAgent", "previousDigest",
  "previousExpirationTime"
)
WITH RECURSIVE
  numbers (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {tokens}),
  dice (n, a, b, c) AS (SELECT n, n * 7919 % 10007, n * 6101 % 9973, n * 3571 % 9967 FROM numbers),
  made (n, a, b, c, session, birth) AS (
    SELECT n, a, b, c, a % 10 < 6, {now} - b % 85 * 86400000 - c % 86400 * 1000 FROM dice
  )
SELECT
  '00000000-0000-7000-9000-' || (100000000000 + n * 7919 % {tokens}),
  '00000000-0000-7000-8000-' || (100000000001 + n * 104729 % {users}),
  CASE WHEN session THEN 'session' ELSE 'api' END,
  CASE
    WHEN c % 10 = 0 THEN NULL
    WHEN session THEN 'Mozilla/5.0 (X11; Linux x86_64; rv:' || (100 + b % 50) || '.0) Gecko/20100101 Firefox/' || (100 + c % 50)
    WHEN c % 7 = 0 THEN 'Büro ' || b
    ELSE 'nightly backup ' || b
  END,
  'latchkey_…' || (1000 + c % 9000),
  'digest ' || n,
  CASE WHEN a % 13 = 0 THEN 'users:read tokens:read' END,
  b % 20 > 0,
  birth,
  CASE WHEN a % 10 < 3 THEN {now} - 20 * 86400000 ELSE {now} - 20 * 86400000 + 1 END,
  CASE WHEN session THEN {now} + (1 + a % 30) * 86400000 WHEN c % 5 > 0 THEN birth + (20 + a % 150) * 86400000 END,
  CASE WHEN session THEN {now} + (1 + c % 7) * 86400000 END,
  CASE WHEN c % 20 < 3 THEN 'revoked' END,
  CASE WHEN c % 20 < 3 THEN birth + 1000 END,
  CASE WHEN a % 4 > 0 THEN CASE WHEN c % 3 = 0 THEN {now} - c * 1000 ELSE birth + c * 1000 END END,
  '192.0.2.' || (a % 250),
  'curl/8.5.0',
  CASE WHEN b % 50 = 1 THEN 'previous digest ' || n END,
  CASE WHEN b % 50 = 1 THEN {now} + (c % 7 - 3) * 86400000 END
FROM made;

INSERT INTO token_apis ("tokenId", api) SELECT id, 'users' FROM tokens WHERE scope = 'users:read tokens:read';

INSERT INTO token_apis ("tokenId", api) SELECT id, 'tokens' FROM tokens WHERE scope = 'users:read tokens:read';

INSERT INTO token_last_uses ("tokenId", kind, value, "reporterId", day)
SELECT id, 'permission', 'users:read', '', 20000 FROM tokens
WHERE scope = 'users:read tokens:read' AND "lastUsageTime" IS NOT NULL AND "creationTime" % 3 > 0;

INSERT INTO token_last_uses ("tokenId", kind, value, "reporterId", day)
SELECT id, 'permission', 'tokens:read', '', 20000 FROM tokens
WHERE scope = 'users:read tokens:read' AND "lastUsageTime" IS NOT NULL AND "creationTime" % 2 > 0;
