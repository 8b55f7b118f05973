import { PROBLEM_ERRORS_MAX, type ProblemDto } from '@latchkey/auth-models';
import { type ApplicationError } from '../../common/application-error.js';
import { PROBLEM_STATUS, problemSentence, problemTitle } from './problem-catalog.js';

/** Writes an error as problem details (RFC 9457). */
export function toProblem(
  error: ApplicationError,
  traceId: string,
  status = PROBLEM_STATUS[error.code],
): ProblemDto {
  const { errors = [], detail = problemSentence(error.code) } = error.options;
  const unlisted = errors.length - PROBLEM_ERRORS_MAX;
  return {
    type: `urn:latchkey:problem:${error.code}`,
    title: problemTitle(error.code),
    status,
    detail: unlisted > 0 ? `${detail} Errors not listed: ${unlisted}.` : detail,
    code: error.code,
    traceId,
    ...(error.options.errors && { errors: errors.slice(0, PROBLEM_ERRORS_MAX) }),
  };
}
