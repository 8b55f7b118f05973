import { type AuditAction } from '@latchkey/auth-models';
import { type Headers } from '../../../support/api-client.js';

/** An answer as it is judged afterwards. */
export interface JudgedAnswer {
  what: string;
  status: number;
  retryAfter: string | null;
  text: string;
  /** On the clock of `performance.now`, when it was whole. */
  time: number;
  milliseconds: number;
}

/** A user as the last acknowledged change left them. */
export interface LedgerUser {
  readonly name: string;
  password: string;
  displayName: string;
  version: number;
}

/**
 * What clients were told, written down only when an answer was whole. What was asked for and not acknowledged is in none
 * of the lists: either outcome is right.
 */
export class Ledger {
  readonly answers: JudgedAnswer[] = [];
  /** Tokens that must be good. */
  readonly issued = new Map<string, Headers>();
  /** Tokens that must never be good again. */
  readonly ended = new Map<string, Headers>();
  /** Users who must be there as they are here. */
  readonly users = new Map<string, LedgerUser>();
  /** Names of users who must be gone. */
  readonly gone = new Set<string>();
  /** What was acknowledged: the request's id, and the action that the audit trail must have of it. */
  readonly acknowledged = new Map<string, AuditAction>();
  /** Requests that got no answer at all. */
  readonly lost: string[] = [];
  /** Answers that lacked what every answer has, or told of the inside. */
  readonly malformed: string[] = [];
  /** What clients saw that may never be. */
  readonly complaints: string[] = [];
  /** Passwords and tokens, none of which may stand in a log. */
  readonly secrets = new Set<string>();

  /** Answers of one status after a time. */
  after(time: number, status: number): JudgedAnswer[] {
    return this.answers.filter((answer) => answer.time > time && answer.status === status);
  }

  /** How long the slowest answer took. */
  get slowest(): number {
    return this.answers.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);
  }
}
