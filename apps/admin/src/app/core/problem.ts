import { HttpErrorResponse } from '@angular/common/http';
import { ERROR_CODES, type ErrorCode, type ProblemDto, type ProblemErrorDto } from '@latchkey/auth-models';
import { MESSAGES } from './messages';

/** What went wrong with a request, wherever it went wrong. */
export interface Problem {
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** The server's code; `null` if the answer did not come from the API. */
  readonly code: ErrorCode | null;
  /** A sentence for people. */
  readonly detail: string;
  /** What an administrator finds it by in the log; told only when the error was not to be expected. */
  readonly traceId: string | null;
  /** Seconds to wait before the next try. */
  readonly retryAfterSeconds: number | null;
  /** What is wrong with each member of the body. */
  readonly errors: readonly ProblemErrorDto[];
}

/** Reads any failure of a request: problem details, a proxy's page or no answer at all. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof HttpErrorResponse)) {
    return { ...NO_ANSWER, detail: MESSAGES.problem.unexpected };
  }
  const retryAfterSeconds = secondsOf(error.headers.get('Retry-After'));
  if (isProblemDto(error.error)) {
    const { status, code, detail, traceId, errors = [] } = error.error;
    return { status, code, detail, traceId: status >= 500 ? traceId : null, retryAfterSeconds, errors };
  }
  const detail =
    error.status === 0 ? MESSAGES.problem.noAnswer : MESSAGES.problem.foreignAnswer(error.status);
  return { ...NO_ANSWER, status: error.status, detail, retryAfterSeconds };
}

const NO_ANSWER: Problem = {
  status: 0,
  code: null,
  detail: '',
  traceId: null,
  retryAfterSeconds: null,
  errors: [],
};

function isProblemDto(body: unknown): body is ProblemDto {
  const { code, detail } = (body ?? {}) as Partial<ProblemDto>;
  return typeof detail === 'string' && typeof code === 'string' && code in ERROR_CODES;
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : null;
}
