import { QueryFailedError } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';

/** Driver codes of a violated unique index. */
const UNIQUE_VIOLATION = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** Driver codes of a violated foreign key. */
const FOREIGN_KEY_VIOLATION = new Set(['SQLITE_CONSTRAINT_FOREIGNKEY', '23503']);

/**
 * Driver codes of an unavailable database: full or failing disk, lock, connection (class 08), insufficient
 * resources (53), operator intervention (57), system error (58), read-only (25006).
 */
const UNAVAILABLE =
  /^(SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|CORRUPT|NOMEM|PROTOCOL)|08|53|57|58|25006|40|ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/;

/**
 * Messages of errors without a code: from `pg` if the pool or the server does not respond, and from TypeORM
 * if the connection of a transaction closed between two statements.
 */
const UNAVAILABLE_TEXT =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client was closed|Client has encountered|already released/;

/**
 * Driver codes of values that a table does not accept: data exceptions (class 22) and violated constraints
 * (23).
 */
const INVALID_DATA = /^(SQLITE_(CONSTRAINT|MISMATCH|RANGE|TOOBIG)|2[23][0-9A-Z]{3}$)/;

const RETRY_SECONDS = 2;

/** Whether a write failed because a unique value is taken. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.has(codeOf(error));
}

/** Whether a write failed because of a foreign key. */
export function isForeignKeyViolation(error: unknown): boolean {
  return FOREIGN_KEY_VIOLATION.has(codeOf(error));
}

/** Translates the error of an unavailable database; returns `undefined` for other errors. */
export function translateDriverError(error: unknown): ApplicationError | undefined {
  const isUnavailable = UNAVAILABLE.test(codeOf(error)) || UNAVAILABLE_TEXT.test(messageOf(error));
  return isUnavailable
    ? new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS, cause: error })
    : undefined;
}

/** Whether a write failed because of its values, so that it would fail again. */
export function isInvalidData(error: unknown): boolean {
  return INVALID_DATA.test(codeOf(error));
}

/** Whether a query failed because the table does not exist. */
export function isWithoutTable(error: unknown): boolean {
  return codeOf(error) === '42P01' || messageOf(error).includes('no such table');
}

/** Whether a query failed because the column does not exist. */
export function isWithoutColumn(error: unknown): boolean {
  return codeOf(error) === '42703' || messageOf(error).includes('no such column');
}

/**
 * Returns advice to append to an error message if an SQLite file is damaged, or not a database; otherwise
 * nothing.
 */
export function adviceOnDamage(error: unknown): string {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))
    ? `. Check DATABASE_URL, or restore a backup with ${LATCHKEY} restore.`
    : '';
}

/** Returns the driver code of an error; empty if it has none. */
export function codeOf(error: unknown): string {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Returns the message of an error. `instanceof` fails for errors of a native driver loaded in another
 * context.
 */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : '';
}
