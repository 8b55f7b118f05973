import { AuditKeys } from '../../audit/keys/audit-keys.service.js';
import { trailKeyFinding, TRAIL_KEY_SQL } from '../../audit/keys/trail-key.js';
import { JUMP_MAX_MILLISECONDS } from '../../audit/trail/clock-check.service.js';
import { toRfc3339 } from '../../common/clock.service.js';
import { FactorSeal } from '../../factors/factor-seal.service.js';
import { missingSealKey, SEALED_SQL, type SealedCount } from '../../factors/missing-seal-key.js';
import { LATCHKEY } from '../../common/program-name.js';
import { EXPIRING_MILLISECONDS, stateParameters, TOKEN_STATE_SQL } from '../../tokens/model/token-state.js';
import { type Config } from '../../platform/config/config.js';
import { readSchemaState } from '../../platform/database/migrate.js';
import { type Peek } from '../../platform/database/peek.js';
import { NEWEST_POSTGRES, OLDEST_POSTGRES } from '../../platform/database/postgres/postgres-data-source.js';
import { type SchemaState } from '../../platform/database/schema-state.js';
import { createLogger } from '../../platform/logging/logger.js';
import { ok, problem, skipped, warning, type Findings, type Result } from './finding.js';

/**
 * Tolerated difference between two clocks. Beyond it, tokens expire late or early, and audit entries are out
 * of order.
 */
const CLOCK_TOLERANCE_MILLISECONDS = 10_000;

const CLOCK_SQL = 'SELECT "clockSeenTime", "latestTime" FROM "audit_chain"';
const POSTGRES_NOW_SQL = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "now"`;

/** Checks what the database contains. */
export async function checkDatabase(config: Config, peek: Peek): Promise<Findings> {
  const { kind } = config.database;
  const state = await readSchemaState(peek);
  const database = checkVersion(kind, await versionOf(kind, peek), state);
  if (state === 'empty' || state === 'newer') {
    const reason = state === 'empty' ? 'There are no tables yet.' : 'This version cannot read the tables.';
    const none = skipped(reason);
    return { database, clock: none, 'audit key': none, 'seal key': none, tokens: none, events: none };
  }
  return {
    database,
    clock: await checkClock(kind, peek),
    'audit key': await checkAuditKey(config, peek),
    'seal key': await checkSealKey(config, peek),
    tokens: await checkTokens(peek),
    events: await checkEvents(config, peek),
  };
}

async function versionOf(kind: 'sqlite' | 'postgres', peek: Peek): Promise<string> {
  const [row] =
    (await peek<{ version: string }>(
      kind === 'sqlite'
        ? 'SELECT sqlite_version() AS "version"'
        : `SELECT current_setting('server_version') AS "version"`,
    )) ?? [];
  return row?.version ?? '';
}

/** Checks the version of the database, such as `15.4 (Debian)`, and its tables. */
export function checkVersion(kind: 'sqlite' | 'postgres', version: string, state: SchemaState): Result {
  const name = `${kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${version.split(' ')[0]}`;
  const major = Number.parseInt(version, 10);
  if (kind === 'postgres' && major < OLDEST_POSTGRES) {
    return problem(`${name} is not supported.`, `Upgrade it to PostgreSQL ${NEWEST_POSTGRES}.`);
  }
  if (state === 'newer') {
    return problem('The tables are from a later release.', 'Install that release.');
  }
  if (kind === 'postgres' && major > NEWEST_POSTGRES) {
    return warning(
      `${name} is newer than the versions that Latchkey was tested with.`,
      `Use PostgreSQL ${NEWEST_POSTGRES}.`,
    );
  }
  if (state === 'older') {
    return warning(
      `${name}; the tables are from an older version.`,
      'Back up before you start the server, which migrates them.',
    );
  }
  if (state === 'ahead') {
    return warning(`${name}; a later release has migrated the tables.`, 'Upgrade this server too.');
  }
  return ok(
    state === 'empty'
      ? `${name}; the first start creates the tables.`
      : `${name}; the tables are up to date.`,
  );
}

async function checkClock(kind: 'sqlite' | 'postgres', peek: Peek): Promise<Result> {
  const [chain] = (await peek<{ clockSeenTime: number; latestTime: number }>(CLOCK_SQL)) ?? [];
  const [row] = kind === 'postgres' ? ((await peek<{ now: number }>(POSTGRES_NOW_SQL)) ?? []) : [];
  const now = Date.now();
  return compareClocks(now, {
    seen: chain?.clockSeenTime || chain?.latestTime || now,
    latest: Math.max(chain?.latestTime ?? 0, chain?.clockSeenTime ?? 0),
    postgres: row?.now ?? now,
  });
}

/** Compares this clock with the times in the database, in milliseconds, and with the clock of PostgreSQL. */
export function compareClocks(
  now: number,
  times: { seen: number; latest: number; postgres: number },
): Result {
  const correct = 'Correct the clock, for example with NTP.';
  if (Math.abs(now - times.postgres) > CLOCK_TOLERANCE_MILLISECONDS) {
    return problem(
      `The time is ${toRfc3339(now)} here, but ${toRfc3339(times.postgres)} on the PostgreSQL server.`,
      correct,
    );
  }
  if (now < times.latest - CLOCK_TOLERANCE_MILLISECONDS) {
    return problem(
      `The time is ${toRfc3339(now)}, but the database has entries of ${toRfc3339(times.latest)}.`,
      correct,
    );
  }
  if (now - times.seen > JUMP_MAX_MILLISECONDS) {
    return problem(
      `The time is ${toRfc3339(now)}, more than 30 days after the last time in the database, ${toRfc3339(times.seen)}. The server deletes no old data.`,
      `If the time is wrong: ${correct} If it is right, because the server was off, run: ${LATCHKEY} trust-clock`,
    );
  }
  return ok(`The time is ${toRfc3339(now)}, which agrees with the database.`);
}

async function checkAuditKey(config: Config, peek: Peek): Promise<Result> {
  const keys = new AuditKeys(config, createLogger('silent'));
  const [chain] = (await peek<{ keyId: string }>(TRAIL_KEY_SQL)) ?? [];
  const finding = trailKeyFinding(chain?.keyId || undefined, keys);
  if (finding) {
    const { isProblem, message, advice } = finding;
    return (isProblem ? problem : warning)(message, advice);
  }
  return ok(
    keys.isConfigured
      ? 'The key is in the settings.'
      : `The key is in ${keys.files.path}. Keep a copy elsewhere, because backups do not contain it.`,
  );
}

async function checkSealKey(config: Config, peek: Peek): Promise<Result> {
  const seal = new FactorSeal(config, createLogger('silent'));
  const missing = missingSealKey((await peek<SealedCount>(SEALED_SQL)) ?? [], seal);
  return missing
    ? problem(missing.message, missing.advice)
    : ok('The server has the keys of all authenticator apps.');
}

/**
 * Counts the tokens that expire soon. Omits those with a lifetime of less than two weeks, which expire soon
 * from the start.
 */
async function checkTokens(peek: Peek): Promise<Result> {
  const parameters: Record<string, number> = stateParameters(Date.now());
  const state = TOKEN_STATE_SQL.replace(/:(now|expiringUntil)\b/g, (_, name: string) =>
    String(parameters[name]),
  );
  const [row] =
    (await peek<{ count: number }>(
      `SELECT COUNT(*) AS "count" FROM "tokens" token JOIN "users" owner ON owner."id" = token."userId"
       WHERE token."kind" = 'api' AND token."expirationTime" - token."lifeStartTime" > ${EXPIRING_MILLISECONDS}
         AND (${state}) = 'expiring'`,
    )) ?? [];
  const count = Number(row?.count ?? 0);
  const days = EXPIRING_MILLISECONDS / 86_400_000;
  return count === 0
    ? ok(`No API token expires within ${days} days.`)
    : warning(
        `${count} API ${count === 1 ? 'token expires' : 'tokens expire'} within ${days} days.`,
        `Rotate those that are in use. To list them, run: ${LATCHKEY} list-tokens --kind api --state expiring`,
      );
}

/** Columns of an event target that the check reads. */
interface PeekedTarget {
  readonly name: string;
  readonly kind: string;
  readonly disabledReason: string | null;
  readonly failingSince: number | string | null;
}

/** Checks that event targets receive events. Those that an administrator disabled do not count. */
async function checkEvents({ mail }: Config, peek: Peek): Promise<Result> {
  const targets =
    (await peek<PeekedTarget>(
      `SELECT "name", "kind", "disabledReason", "failingSince" FROM "event_targets"
       WHERE "enabled" OR "disabledReason" IS NOT NULL ORDER BY "name"`,
    )) ?? [];
  const namesOf = (matches: (target: PeekedTarget) => boolean) =>
    targets
      .filter(matches)
      .map(({ name }) => name)
      .join(', ');
  const test = `To test a target, run: ${LATCHKEY} events test NAME`;
  const disabled = namesOf(({ disabledReason }) => disabledReason !== null);
  if (disabled) {
    return problem(
      `The server disabled event targets: ${disabled}.`,
      `Fix the receiver, enable the target, and redeliver the missed events. ${test}`,
    );
  }
  const failing = namesOf(({ failingSince }) => failingSince !== null);
  if (failing) {
    return warning(`Deliveries to event targets fail: ${failing}.`, test);
  }
  // The target of owners exists from the start.
  const unreachable = mail ? '' : namesOf(({ name, kind }) => kind === 'email' && name !== 'owners');
  return unreachable
    ? warning(
        `The server sends no e-mail, so these event targets receive nothing: ${unreachable}.`,
        'Set LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM.',
      )
    : ok('No deliveries to event targets fail.');
}
