import { HttpErrorResponse } from '@angular/common/http';
import type { ProblemDto, ProblemErrorDto } from '@latchkey/auth-models';
import type { ErrorCode } from '@latchkey/auth-models/lists';
import type { Texts } from './texts/texts';

/** Failure of a request, whether in the console, the network or the server. */
export interface Problem {
  readonly status: number;
  /** Error code of the API; `null` if the response came from elsewhere, such as a proxy. */
  readonly code: ErrorCode | null;
  /** The API's own message in English. Show {@link problemText} instead. */
  readonly detail: string | null;
  /** Trace id that lets administrators find the failure in the log. Only set for server errors (5xx). */
  readonly traceId: string | null;
  /**
   * Trace id of a rejection (401, 403, 429), which the server can explain. `null` if the user cancelled the
   * proof that a request required.
   */
  readonly rejectionId: string | null;
  /** Seconds to wait before the next attempt, from `Retry-After`. */
  readonly retryAfterSeconds: number | null;
  readonly errors: readonly ProblemErrorDto[];
  /** Whether the console itself failed, not the request. */
  readonly isUnexpected: boolean;
}

/** Converts any error of a request: problem details (RFC 9457), a proxy's page or a lost connection. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof HttpErrorResponse)) {
    return { ...NO_RESPONSE, isUnexpected: true };
  }
  const retryAfterSeconds = secondsOf(error.headers.get('Retry-After'));
  if (isProblemDto(error.error)) {
    const { status, code, detail, traceId, errors = [] } = error.error;
    return {
      ...NO_RESPONSE,
      status,
      code,
      detail,
      traceId: status >= 500 ? traceId : null,
      rejectionId: [401, 403, 429].includes(status) && !ASKED.has(code) ? traceId : null,
      retryAfterSeconds,
      errors,
    };
  }
  return { ...NO_RESPONSE, status: error.status, retryAfterSeconds };
}

/** Kinds of problems that the console shows differently. */
export type ProblemKind = 'forbidden' | 'offline' | 'notFound' | 'error';

export function problemKind({ status, isUnexpected }: Problem): ProblemKind {
  if (status === 403) {
    return 'forbidden';
  }
  if (status === 404) {
    return 'notFound';
  }
  return status === 0 && !isUnexpected ? 'offline' : 'error';
}

/** Returns the message for a problem in the language of the console. */
export function problemText({ status, code, detail, isUnexpected }: Problem, { problems }: Texts): string {
  if (code !== null && detail !== null) {
    return problems.codes[code] ?? detail;
  }
  if (isUnexpected) {
    return problems.unexpected;
  }
  return status === 0 ? problems.noResponse : problems.unknownResponse(status);
}

/** Whether the resource was deleted or changed since it was loaded. */
export function isOutdated({ status }: Problem): boolean {
  return status === 404 || status === 409 || status === 412;
}

/** Rejections after which the console asks the user for a proof, so that they need no explanation. */
const ASKED: ReadonlySet<ErrorCode> = new Set(['step_up_required', 'enrolment_required']);

const NO_RESPONSE: Problem = {
  status: 0,
  code: null,
  detail: null,
  traceId: null,
  rejectionId: null,
  retryAfterSeconds: null,
  errors: [],
  isUnexpected: false,
};

function isProblemDto(body: unknown): body is ProblemDto {
  const { code, detail } = (body ?? {}) as Partial<ProblemDto>;
  // Not by the list of codes: its sentences would be a part of every first load.
  return typeof code === 'string' && typeof detail === 'string';
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : null;
}
