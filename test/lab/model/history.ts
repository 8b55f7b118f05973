import { expect } from '@jest/globals';
import { type UserDto } from '@latchkey/auth-models';
import { type Headers } from '../../support/api-client.js';

/** What a change makes of a user. */
export type Facts = Pick<Partial<UserDto>, 'displayName' | 'enabled' | 'roles'>;

/** When a request was sent and answered, as one counts, and with which status. */
export interface Event {
  sent: number;
  answered: number;
  status: number;
}

/** The end of one token, or of all there are, and perhaps of the password by which there would be more. */
export type End = Event & { of: 'one' | 'other' | 'all' | 'all and the password' };

/** A session that was begun with the password of the beginning. */
export type Session = Event & { headers: Headers };

/** A request by a token. */
type Use = Event & { token: string; takesRole: boolean };

/** A change of one version of a user into the next. */
type Change = Event & { facts: Facts; version: number };

/** What was asked of a server by many at once about one user, and what it answered. */
export class History {
  private ticks = 0;
  private readonly changes: Change[] = [];
  readonly ends: End[] = [];
  readonly sessions: Session[] = [];
  private readonly uses: Use[] = [];
  private readonly all: Event[] = [];

  /** Notes when a request was sent and answered. */
  async note<A extends { status: number }>(request: () => Promise<A>): Promise<A & Event> {
    this.ticks += 1;
    const sent = this.ticks;
    const answer = await request();
    this.ticks += 1;
    const event = { ...answer, sent, answered: this.ticks };
    this.all.push(event);
    return event;
  }

  /** A change of a version that was answered: made, or refused as stale. */
  changed(event: Event & { body: { version: number } }, facts: Facts, from: number): void {
    if (event.status === 200 && event.body.version !== from) {
      // Of exactly the version that was read.
      expect(event.body.version).toBe(from + 1);
      this.changes.push({ ...event, facts, version: event.body.version });
    }
  }

  /** The end of a token, or of all there are. */
  ended(event: Event, of: End['of']): void {
    if (event.status < 300) {
      this.ends.push({ ...event, of });
    }
  }

  /** A log-in with the password of the beginning. */
  loggedIn(event: Event, headers: Headers): void {
    if (event.status === 200) {
      this.sessions.push({ ...event, headers });
    }
    if (this.ends.some(({ of, answered }) => of === 'all and the password' && answered < event.sent)) {
      expect(event.status).toBe(401);
    }
  }

  /** A use of a token, for what everybody may do or for what takes the role. */
  used(event: Event, token: string, { takesRole = false } = {}): void {
    this.uses.push({ ...event, token, takesRole });
  }

  /** Checks that every change that was answered is there, and none twice. */
  expectNoneLost(begin: Facts, end: UserDto): void {
    const inOrder = [...this.changes].sort((one, other) => one.version - other.version);

    expect(inOrder.map(({ version }) => version)).toEqual(inOrder.map((_, index) => index + 1));
    expect(end.version).toBe(inOrder.length);
    expect(end).toMatchObject(Object.assign({}, begin, ...inOrder.map(({ facts }) => facts)) as Facts);
  }

  /** Checks that no token was accepted by what was sent after the answer to what ended it, or its user. */
  expectNoneOutlived(): void {
    for (const use of this.uses) {
      if (this.wasEndedBefore(use) || this.was(({ enabled }) => enabled === false, 'enabled', use)) {
        expect(use).toMatchObject({ status: 401 });
      }
      if (use.takesRole && this.was(({ roles }) => roles?.length === 0, 'roles', use)) {
        expect(use.status).not.toBe(200);
      }
    }
  }

  /** Checks that nothing failed, and no token was logged out twice. */
  expectOrder(): void {
    const loggedOut = this.ends.filter((end) => !isOfAll(end)).map(({ of }) => of);

    expect(new Set(loggedOut).size).toBe(loggedOut.length);
    expect(this.all.filter(({ status }) => status >= 500)).toEqual([]);
  }

  private wasEndedBefore(use: Use): boolean {
    const ends = this.ends.filter((end) => isOfAll(end) || end.of === use.token);
    return ends.some(({ answered }) => answered < use.sent);
  }

  /** Whether a fact was so when a use was sent, and stayed so until it was answered. */
  private was(isSo: (facts: Facts) => boolean, fact: keyof Facts, use: Event): boolean {
    const made = this.changes.filter(({ facts }) => facts[fact] !== undefined);
    const before = made.filter(({ answered }) => answered < use.sent);
    const latest = Math.max(0, ...before.map(({ version }) => version));
    const last = before.find(({ version }) => version === latest);
    const wasUndone = made.some(({ version, sent }) => version > latest && sent < use.answered);
    return last !== undefined && isSo(last.facts) && !wasUndone;
  }
}

/** Whether all tokens ended that there were. */
export function isOfAll({ of }: End): boolean {
  return of.startsWith('all');
}
