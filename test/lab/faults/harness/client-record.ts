import { type AuditAction } from '@latchkey/auth-models';
import { type ApiResponse, type Headers } from '../../../support/api-client.js';
import { UnacceptableResponse } from '../../../support/check-response.js';

const TIMEOUT_MILLISECONDS = 15_000;

/** A recorded response. */
export interface RecordedResponse {
  what: string;
  status: number;
  retryAfter: string | null;
  text: string;
  /** Time of completion, from `performance.now`. */
  time: number;
  milliseconds: number;
}

/** A user after the last acknowledged change. */
export interface RecordedUser {
  readonly name: string;
  password: string;
  displayName: string;
  version: number;
}

/**
 * Record of the responses that clients received, and of the state that the server must have. Unacknowledged
 * changes are in none of the lists, because both outcomes are correct.
 */
export class ClientRecord {
  readonly responses: RecordedResponse[] = [];
  /** Tokens that must be valid. */
  readonly issued = new Map<string, Headers>();
  /** Tokens that must never be valid again. */
  readonly revoked = new Map<string, Headers>();
  /** Users that must exist with these properties. */
  readonly users = new Map<string, RecordedUser>();
  /** Names of users that must not exist. */
  readonly gone = new Set<string>();
  /** Acknowledged changes: the id of the request, and its action in the audit trail. */
  readonly acknowledged = new Map<string, AuditAction>();
  /** Requests without a response. */
  readonly lost: string[] = [];
  /** Responses that lack a required header or contain internal details. */
  readonly malformed: string[] = [];
  /** Invalid states that clients saw. */
  readonly complaints: string[] = [];
  /** Passwords and tokens, which must not be logged. */
  readonly secrets = new Set<string>();

  /** Returns the responses with a status after a time. */
  after(time: number, status: number): RecordedResponse[] {
    return this.responses.filter((response) => response.time > time && response.status === status);
  }

  /** Duration of the slowest response. */
  get slowest(): number {
    return this.responses.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);
  }
}

/** Sends a request and records the response. The status is 0 without a complete response. */
export async function sendRecorded<Body>(
  record: ClientRecord,
  what: string,
  send: () => Promise<ApiResponse<Body>>,
): Promise<ApiResponse<Body>> {
  const start = performance.now();
  let response: ApiResponse<Body>;
  try {
    response = await withTimeout(send());
  } catch (error) {
    const failure = `${what}: ${String((error as Error).cause ?? error)}`;
    (error instanceof UnacceptableResponse ? record.malformed : record.lost).push(failure);
    return { status: 0, headers: new globalThis.Headers(), body: {} as Body, text: '' };
  }
  const { status, text, headers } = response;
  const time = performance.now();
  record.responses.push({
    what,
    status,
    retryAfter: headers.get('retry-after'),
    text: status < 400 ? '' : text,
    time,
    milliseconds: time - start,
  });
  return response;
}

async function withTimeout<T>(response: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no response')), TIMEOUT_MILLISECONDS);
  });
  return Promise.race([response, late]).finally(() => clearTimeout(timer));
}
