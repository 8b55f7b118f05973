import { QueryFailedError } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';

/** Codes with which the drivers say that a unique index refused a row. */
const UNIQUE_VIOLATION = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** Codes with which the drivers say that a foreign key refused a row, or its deletion. */
const FOREIGN_KEY_VIOLATION = new Set(['SQLITE_CONSTRAINT_FOREIGNKEY', '23503']);

/**
 * Codes with which the drivers say that the database cannot be used just now: full or failing disk, lock, connection
 * (class 08), resources (53), operator's intervention (57), system errors (58), read-only (25006).
 */
const UNAVAILABLE =
  /^(SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|CORRUPT|NOMEM|PROTOCOL)|08|53|57|58|25006|40|ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/;

/**
 * What is said without a code: by `pg` when the pool or the server does not answer, and by TypeORM when the connection of a
 * transaction ended between two of its statements.
 */
const UNAVAILABLE_TEXT =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client was closed|Client has encountered|already released/;

const RETRY_SECONDS = 2;

/** Whether a write was refused because its value is taken. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.has(codeOf(error));
}

/** Whether a write was refused because of what refers to the row, or because it refers to what is gone. */
export function isForeignKeyViolation(error: unknown): boolean {
  return FOREIGN_KEY_VIOLATION.has(codeOf(error));
}

/** What a driver's error means to a caller; `undefined` if it is not one of an absent database. */
export function translateDriverError(error: unknown): ApplicationError | undefined {
  const isUnavailable = UNAVAILABLE.test(codeOf(error)) || UNAVAILABLE_TEXT.test(messageOf(error));
  return isUnavailable
    ? new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS, cause: error })
    : undefined;
}

/** Whether a query failed because there is no such table. */
export function isWithoutTable(error: unknown): boolean {
  return codeOf(error) === '42P01' || messageOf(error).includes('no such table');
}

/** Whether a query failed because a table has no such column. */
export function isWithoutColumn(error: unknown): boolean {
  return codeOf(error) === '42703' || messageOf(error).includes('no such column');
}

/** The code with which a driver names an error; empty if there is none. */
export function codeOf(error: unknown): string {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** What an error says. Not by its class: a native driver's errors belong to whichever context loaded it first. */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : '';
}
