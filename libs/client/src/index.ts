// Requests and responses. The packed library contains these types.
export type * from '@latchkey/auth-models';
export { LatchkeyError, type LatchkeyErrorCode, type LatchkeyErrorOptions } from './http/latchkey-error.js';
export { type Answer } from './http/read-response.js';
export { type Call, type CallOptions } from './http/transport.js';
export { List } from './operations/list.js';
export { Operations, type Effect } from './operations/operations.js';
export { tokenHeader, type TokenCredentials } from './session/credentials.js';
export { LatchkeyClient, type ClientOptions, type RotationOptions } from './session/latchkey-client.js';
export { verifyWebhook, type WebhookHeaders, type WebhookOptions } from './webhooks/verify-webhook.js';
export { WebhookError, type WebhookErrorCode } from './webhooks/webhook-error.js';
