import { ApplicationError } from '../../common/application-error.js';

/** Returns the cursor of a page that starts before this entry, in a list with the newest entry first. */
export function formatCursor(sequence: number): string {
  return Buffer.from(`before:${sequence}`).toString('base64url');
}

/** Returns the sequence in a cursor. @throws ApplicationError `invalid_parameter` if `formatCursor` did not create it. */
export function parseCursor(cursor: string): number {
  const [, sequence] = /^before:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (sequence === undefined || formatCursor(Number(sequence)) !== cursor) {
    throw new ApplicationError('invalid_parameter', {
      errors: [
        { pointer: '/cursor', code: 'cursor_unknown', message: 'cursor must come from a Link header' },
      ],
    });
  }
  return Number(sequence);
}
