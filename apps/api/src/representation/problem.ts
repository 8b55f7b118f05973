import { type ProblemDto } from '@latchkey/auth-models';
import { type ApplicationError } from '../common/application-error.js';
import { PROBLEM_STATUS, problemSentence, problemTitle } from './problem-catalog.js';

/** Writes an error as problem details (RFC 9457). */
export function toProblem(
  error: ApplicationError,
  traceId: string,
  status = PROBLEM_STATUS[error.code],
): ProblemDto {
  return {
    type: `urn:latchkey:problem:${error.code}`,
    title: problemTitle(error.code),
    status,
    detail: error.options.detail ?? problemSentence(error.code),
    code: error.code,
    traceId,
    ...(error.options.errors && { errors: error.options.errors }),
  };
}
