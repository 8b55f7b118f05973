import { type AuditAction, type AuditSubjectKind, type ErrorCode } from '@latchkey/auth-models';
import { type Headers } from '../api-client.js';
import { type Fixtures } from './fixtures.js';

type Of<T> = (at: Fixtures) => T | Promise<T>;

/** Request that succeeds if the caller is authorized. */
export interface Example {
  /** Value of the parameter in the path. */
  param?: Of<string>;
  /** Query that makes the response richer, such as `?state=active`. */
  query?: string | (() => string);
  /** Sent as JSON, unless it is `URLSearchParams`. */
  body?: object | Of<unknown>;
  headers?: Headers;
}

/** Route of the API. */
export interface Route extends Example {
  /** Operation id. Generated clients rely on it. */
  id: string;
  /**
   * Required permission. `token` and `own` require any valid token. Changes of `own` routes affect the
   * caller, so tests send them as a new user. `public` requires no credentials.
   */
  access: 'public' | 'token' | 'own' | `${string}:${string}`;
  /** Credentials other than a token. */
  scheme?: 'basic' | 'session-cookie';
  /** Permission that only resources of other users require. */
  others?: `${string}:${string}`;
  /** Whether the response contains the secret of a token. No other route returns one. */
  issuesToken?: true;
  /** Tokens that the response names: those of the request, or any that the caller may see. */
  namesTokens?: 'own' | 'any';
  /** Audit entry of a change; `none` for routes that clients call constantly, `later` after the response. */
  audit?: Audit | 'none' | 'later';
  /** Version of the resource, which `If-Match` is compared with. Without a resource, no ETag matches. */
  version?: number;
  /** Whether it revokes, disables or narrows something, and so returns the time of effect. */
  takesEffect?: true;
  /** Whether it is forbidden on users with more permissions than the caller. */
  capped?: true;
  /** Whether a superseded secret is accepted. All reads accept one. */
  superseded?: true;
  /** Whether it does not count towards the limit on the writes of a user. */
  uncounted?: true;
  /** Requests for each documented 409, or `concurrent` if only concurrent requests conflict. */
  conflicts?: [code: ErrorCode, example: Example][] | 'concurrent';
}

/** Expected audit entry. The actor is the caller, and the subject what the path or the body names. */
export interface Audit {
  action: AuditAction;
  subject: AuditSubjectKind;
  /** Name of the subject, if it is another one. */
  name?: string;
}

/** Routes by method and path, such as `GET /users/{name}`. Changes must state their audit entry. */
export type Routes = Record<`${'GET' | 'HEAD'} /${string}`, Route> &
  Record<`${'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, Route & Pick<Required<Route>, 'audit'>>;

/** Whether the method of a route is one that changes something. */
export const isChange = (route: string): boolean => !/^(GET|HEAD|OPTIONS) /.test(route);
