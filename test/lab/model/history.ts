import { expect } from '@jest/globals';
import { type UserDto } from '@latchkey/auth-models';
import { type Headers } from '../../support/api-client.js';

/** Properties that a change sets. */
export type Facts = Pick<Partial<UserDto>, 'displayName' | 'enabled' | 'roles'>;

/** The status of a request, and the order in which it was sent and answered. */
export interface Event {
  sent: number;
  answered: number;
  status: number;
}

/** A revocation of one token, or of all tokens with or without the password. */
export type Revocation = Event & { of: 'one' | 'other' | 'all' | 'all and the password' };

/** A session that began with the first password. */
export type Session = Event & { headers: Headers };

/** A request with a token. */
type Use = Event & { token: string; needsRole: boolean };

/** A change from one version of a user to the next. */
type Change = Event & { facts: Facts; version: number };

/** The concurrent requests about one user, and their responses. */
export class History {
  private ticks = 0;
  private readonly changes: Change[] = [];
  readonly revocations: Revocation[] = [];
  readonly sessions: Session[] = [];
  private readonly uses: Use[] = [];
  private readonly all: Event[] = [];

  /** Sends a request and records its order and status. */
  async record<A extends { status: number }>(request: () => Promise<A>): Promise<A & Event> {
    this.ticks += 1;
    const sent = this.ticks;
    const answer = await request();
    this.ticks += 1;
    const event = { ...answer, sent, answered: this.ticks };
    this.all.push(event);
    return event;
  }

  /** Records a change, unless it was rejected as stale. */
  changed(event: Event & { body: { version: number } }, facts: Facts, from: number): void {
    if (event.status === 200 && event.body.version !== from) {
      expect(event.body.version).toBe(from + 1);
      this.changes.push({ ...event, facts, version: event.body.version });
    }
  }

  /** Records a revocation. */
  revoked(event: Event, of: Revocation['of']): void {
    if (event.status < 300) {
      this.revocations.push({ ...event, of });
    }
  }

  /** Records a login with the first password. */
  loggedIn(event: Event, headers: Headers): void {
    if (event.status === 200) {
      this.sessions.push({ ...event, headers });
    }
    if (this.revocations.some(({ of, answered }) => of === 'all and the password' && answered < event.sent)) {
      expect(event.status).toBe(401);
    }
  }

  /** Records a request with a token, which may require the role. */
  used(event: Event, token: string, { needsRole = false } = {}): void {
    this.uses.push({ ...event, token, needsRole });
  }

  /** Checks that every acknowledged change is effective exactly once. */
  expectNoLostChanges(begin: Facts, end: UserDto): void {
    const inOrder = [...this.changes].sort((one, other) => one.version - other.version);

    expect(inOrder.map(({ version }) => version)).toEqual(inOrder.map((_, index) => index + 1));
    expect(end.version).toBe(inOrder.length);
    expect(end).toMatchObject(Object.assign({}, begin, ...inOrder.map(({ facts }) => facts)) as Facts);
  }

  /** Checks that no request succeeded that was sent after the response to a revocation. */
  expectImmediateRevocation(): void {
    for (const use of this.uses) {
      if (this.wasRevokedBefore(use) || this.was(({ enabled }) => enabled === false, 'enabled', use)) {
        expect(use).toMatchObject({ status: 401 });
      }
      if (use.needsRole && this.was(({ roles }) => roles?.length === 0, 'roles', use)) {
        expect(use.status).not.toBe(200);
      }
    }
  }

  /** Checks that no request failed, and no token was logged out twice. */
  expectOrder(): void {
    const loggedOut = this.revocations.filter((event) => !revokesAll(event)).map(({ of }) => of);

    expect(new Set(loggedOut).size).toBe(loggedOut.length);
    expect(this.all.filter(({ status }) => status >= 500)).toEqual([]);
  }

  private wasRevokedBefore(use: Use): boolean {
    const revocations = this.revocations.filter((event) => revokesAll(event) || event.of === use.token);
    return revocations.some(({ answered }) => answered < use.sent);
  }

  /** Whether a property had a value from the time a request was sent until its response. */
  private was(hasValue: (facts: Facts) => boolean, fact: keyof Facts, use: Event): boolean {
    const made = this.changes.filter(({ facts }) => facts[fact] !== undefined);
    const before = made.filter(({ answered }) => answered < use.sent);
    const latest = Math.max(0, ...before.map(({ version }) => version));
    const last = before.find(({ version }) => version === latest);
    const wasUndone = made.some(({ version, sent }) => version > latest && sent < use.answered);
    return last !== undefined && hasValue(last.facts) && !wasUndone;
  }
}

/** Whether the revocation includes all tokens. */
export function revokesAll({ of }: Revocation): boolean {
  return of.startsWith('all');
}
