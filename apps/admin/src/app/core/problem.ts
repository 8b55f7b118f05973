import { HttpErrorResponse } from '@angular/common/http';
import { ERROR_CODES, type ErrorCode, type ProblemDto, type ProblemErrorDto } from '@latchkey/auth-models';
import type { Texts } from './texts/texts';

/** What went wrong with a request, wherever it went wrong. */
export interface Problem {
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** The server's code; `null` if the answer did not come from the API. */
  readonly code: ErrorCode | null;
  /** A sentence of the server's for people; `null` if it said none. See {@link problemText}. */
  readonly detail: string | null;
  /** What an administrator finds it by in the log; told only when the error was not to be expected. */
  readonly traceId: string | null;
  /** Seconds to wait before the next try. */
  readonly retryAfterSeconds: number | null;
  /** What is wrong with each member of the body. */
  readonly errors: readonly ProblemErrorDto[];
  /** Whether it was no answer at all that failed, but the console itself. */
  readonly isUnexpected: boolean;
}

/** Reads any failure of a request: problem details, a proxy's page or no answer at all. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof HttpErrorResponse)) {
    return { ...NO_ANSWER, isUnexpected: true };
  }
  const retryAfterSeconds = secondsOf(error.headers.get('Retry-After'));
  if (isProblemDto(error.error)) {
    const { status, code, detail, traceId, errors = [] } = error.error;
    return {
      ...NO_ANSWER,
      status,
      code,
      detail,
      traceId: status >= 500 ? traceId : null,
      retryAfterSeconds,
      errors,
    };
  }
  return { ...NO_ANSWER, status: error.status, retryAfterSeconds };
}

/** What people call a problem: they may not, nobody answers, it is gone, or something broke. */
export type ProblemKind = 'forbidden' | 'offline' | 'notFound' | 'error';

/** Which kind of problem it is. */
export function problemKind({ status, isUnexpected }: Problem): ProblemKind {
  if (status === 403) {
    return 'forbidden';
  }
  if (status === 404) {
    return 'notFound';
  }
  return status === 0 && !isUnexpected ? 'offline' : 'error';
}

/** What went wrong, as a sentence in the language of the console. */
export function problemText({ status, code, detail, isUnexpected }: Problem, { problems }: Texts): string {
  if (code !== null && detail !== null) {
    return problems.codes[code] ?? detail;
  }
  if (isUnexpected) {
    return problems.unexpected;
  }
  return status === 0 ? problems.noAnswer : problems.foreignAnswer(status);
}

const NO_ANSWER: Problem = {
  status: 0,
  code: null,
  detail: null,
  traceId: null,
  retryAfterSeconds: null,
  errors: [],
  isUnexpected: false,
};

function isProblemDto(body: unknown): body is ProblemDto {
  const { code, detail } = (body ?? {}) as Partial<ProblemDto>;
  return typeof detail === 'string' && typeof code === 'string' && code in ERROR_CODES;
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : null;
}
