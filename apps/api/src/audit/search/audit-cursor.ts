import { ApplicationError } from '../../common/application-error.js';

/** Where a page begins: before an entry of this number, in the list that has the newest one first. */
export function formatCursor(sequence: number): string {
  return Buffer.from(`before:${sequence}`).toString('base64url');
}

/** Reads a cursor. @throws ApplicationError `invalid_parameter` if it is none of ours. */
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
