import { shareInstances } from '../http/latchkey-error.js';

/**
 * Code of a {@link WebhookError}: the signature does not match, the message is too old or from the future, or
 * the body is not an event.
 */
export type WebhookErrorCode = 'invalid_signature' | 'outside_tolerance' | 'malformed_body';

/** Request that is not a valid webhook. Respond with 400. */
export class WebhookError extends Error {
  static {
    shareInstances(this, 'WebhookError');
  }

  constructor(
    /** Code for programs. */
    readonly code: WebhookErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'WebhookError';
  }
}
