import { type AuditAction } from '@latchkey/auth-models';
import { type Headers } from '../../../support/api-client.js';

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
 * Record of the responses that clients received, and of the state that the server must have. Unacknowledged changes are in none
 * of the lists, because both outcomes are correct.
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
