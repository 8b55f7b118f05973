import { type BulkItemResultDto, type ErrorCode } from '@latchkey/auth-models';
import { PROBLEM_STATUS } from '../../http/problems/problem-catalog.js';

/** The line of a bulk result for an item that was refused, with the status that it alone would be answered with. */
export function rejectedItem(id: string, code: ErrorCode): BulkItemResultDto {
  return { id, status: PROBLEM_STATUS[code], code };
}
