import { type AuditAction, type AuditSubjectKind, type ErrorCode } from '@latchkey/auth-models';
import { type Headers } from '../api-client.js';
import { type Fixtures } from './fixtures.js';

type Of<T> = (at: Fixtures) => T | Promise<T>;

/** Request that succeeds if the caller is authorized. */
export interface Example {
  /** Value of the parameter in the path. */
  param?: Of<string>;
  /** Query string that adds filters and sorting, such as `?state=active`. */
  query?: string | (() => string);
  /** Sent as JSON, unless it is `URLSearchParams`. */
  body?: object | Of<unknown>;
  headers?: Headers | Of<Headers>;
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
  /** Media types of the request body, unless it is JSON, or for `PATCH` JSON or a merge patch. */
  accepts?: string[];
  /** Media types of the response, unless it is JSON, XML or YAML. */
  returns?: string[];
  /** Permission required for resources of other users. */
  others?: `${string}:${string}`;
  /** Whether sessions need a fresh login or step-up. */
  fresh?: true;
  /** Whether a session that still needs a second factor may call it. */
  enrolment?: true;
  /** Whether the response contains the secret of a token. No other route returns one. */
  issuesToken?: true;
  /** Tokens that the response names: those of the request, or any that the caller may see. */
  namesTokens?: 'own' | 'any';
  /** Expected audit entry. `none`: the route writes none. `later`: it is written after the response. */
  audit?: Audit | 'none' | 'later';
  /** Version of the resource, for `If-Match`. Without one, any ETag returns 412. */
  version?: number;
  /** Whether it revokes, disables or narrows something, and so returns the time of effect. */
  takesEffect?: true;
  /** Whether it returns 403 if the user has permissions that the caller lacks. */
  capped?: true;
  /** Whether a superseded secret is accepted. All reads accept one. */
  superseded?: true;
  /** Whether it does not count towards the limit on the writes of a user. */
  uncounted?: true;
  /** Whether it limits failed attempts, and returns `RateLimit`. Independent of the limit on writes. */
  limitsAttempts?: true;
  /** Members of the body with a password, a token, or the secret of a link or an OAuth client. */
  acceptsSecrets?: string[];
  /** Whether it succeeds while the database does not respond. */
  needsNoDatabase?: true;
  /** Requests for each documented 409, or `concurrent` if only concurrent requests conflict. */
  conflicts?: [code: ErrorCode, example: Example][] | 'concurrent';
}

/** Expected audit entry. The actor is the caller, and the subject is the resource in the path or body. */
export interface Audit {
  action: AuditAction;
  subject: AuditSubjectKind;
  /** Name of the subject, if it differs. */
  name?: string;
}

/** Routes by method and path, such as `GET /users/{name}`. Changes must state their audit entry. */
export type Routes = Record<`${'GET' | 'HEAD'} /${string}`, Route> &
  Record<`${'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, Route & Pick<Required<Route>, 'audit'>>;

/** Whether the method of a route is one that changes something. */
export const isChange = (route: string): boolean => !/^(GET|HEAD|OPTIONS) /.test(route);
