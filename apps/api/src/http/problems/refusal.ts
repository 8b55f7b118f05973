import { type HttpException } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { codeOfStatus } from './problem-catalog.js';

/** An error with the status it is answered with. */
export interface Refusal {
  readonly error: ApplicationError;
  readonly status: number;
}

const UNAVAILABLE = 503;
const RETRY_SECONDS = 2;

/** A feature's own HTTP exception: its status and its words are kept, in our shape. */
export function refusalOfFeature(thrown: HttpException): Refusal {
  const status = thrown.getStatus();
  // What a feature says of a failure of its own may tell of the inside; what it says of a request is meant for the caller.
  const detail = status < 500 ? thrown.message : undefined;
  return { error: new ApplicationError(codeOfStatus(status), { detail, cause: thrown }), status };
}

/** The same refusal for a gateway, which understands 401, 403 and 503 alone. */
export function asForwardAuth({ error, status }: Refusal): Refusal {
  if (status >= 500) {
    return { error, status: UNAVAILABLE };
  }
  return { error, status: status === 403 ? 403 : 401 };
}

/** The header fields that go with a refusal. */
export function problemHeaders({ code, options }: ApplicationError, status: number): Record<string, string> {
  const retryAfter = options.retryAfterSeconds ?? (status === UNAVAILABLE ? RETRY_SECONDS : undefined);
  return {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(options.allowedMethods && { allow: options.allowedMethods.join(', ') }),
    // The rest of a body that was refused unread would be taken for the next request.
    ...(code === 'payload_too_large' && { connection: 'close' }),
  };
}
