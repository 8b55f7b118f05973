import { type ErrorCode, type ProblemErrorDto } from '@latchkey/auth-models';

/**
 * Code of an error. In addition to the codes of the server: `unreachable` without a response, `timeout` if it
 * took too long, and `unexpected_response` for a response that is not from Latchkey, for example from a
 * gateway.
 */
export type LatchkeyErrorCode = ErrorCode | 'unreachable' | 'timeout' | 'unexpected_response';

/** Members of an error. */
export interface LatchkeyErrorOptions {
  code: LatchkeyErrorCode;
  title: string;
  detail: string;
  status?: number;
  traceId?: string;
  errors?: ProblemErrorDto[];
  retryAfter?: number;
  cause?: unknown;
}

/**
 * Makes `instanceof` accept instances of other copies of a class. A program can have this package twice, as
 * ES modules and as CommonJS modules, and each copy has classes of its own.
 */
export function shareInstances(type: abstract new (...args: never[]) => object, name: string): void {
  const brand = Symbol.for(`@latchkey/client/${name}`);
  Object.defineProperty(type.prototype, brand, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      // Classes that extend it inherit this function.
      return this === type
        ? typeof candidate === 'object' && candidate !== null && brand in candidate
        : Function.prototype[Symbol.hasInstance].call(this, candidate);
    },
  });
}

/** Rejected or failed request. */
export class LatchkeyError extends Error {
  /** Code for programs. */
  readonly code: LatchkeyErrorCode;
  /** Short summary of the code. */
  readonly title: string;
  /** Explanation of this occurrence, and often what to do next. */
  readonly detail: string;
  /** HTTP status code. `undefined` without a response. */
  readonly status: number | undefined;
  /** Request id, as in the server's log. `undefined` without a response of Latchkey. */
  readonly traceId: string | undefined;
  /** Errors in members of the body or in parameters. */
  readonly errors: readonly ProblemErrorDto[];
  /** Seconds after which the next attempt can succeed. */
  readonly retryAfter: number | undefined;

  static {
    shareInstances(this, 'LatchkeyError');
  }

  constructor({
    code,
    title,
    detail,
    status,
    traceId,
    errors = [],
    retryAfter,
    cause,
  }: LatchkeyErrorOptions) {
    super([detail, errors.map(({ message }) => message).join('; ')].filter(Boolean).join(' '), { cause });
    this.name = 'LatchkeyError';
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.traceId = traceId;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}
