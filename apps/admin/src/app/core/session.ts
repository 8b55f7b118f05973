import { computed, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import type { BuiltInPermission, MeDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { credential } from './credential';
import { type Problem, problemOf } from './problem';
import { SessionApi } from './session-api';
import { SessionChannel } from './session-channel';
import type { SignInNotice } from './sign-in-notice';

/** How far the console is from being used. */
export type SessionState = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

/** Who is signed in, and the only place that holds the token: in memory, so that it ends with the tab. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(SessionApi);
  private readonly channel = inject(SessionChannel);
  private readonly router = inject(Router);

  private readonly phase = signal<SessionState>('starting');
  private readonly account = signal<MeDto | null>(null);
  private readonly session = signal<Omit<UserTokenDto, 'token'> | null>(null);
  private readonly obstacle = signal<Problem | null>(null);
  private settle!: () => void;
  private askAgain: (() => Promise<boolean>) | null = null;
  private renewing: Promise<boolean> | null = null;
  #credential: string | null = null;

  /** Resolves once it is known whether somebody is signed in. */
  readonly ready = new Promise<void>((resolve) => (this.settle = resolve));
  readonly state = this.phase.asReadonly();
  readonly me = this.account.asReadonly();
  /** The session's token without its secret. */
  readonly token = this.session.asReadonly();
  /** Why the server could not be asked for the session. */
  readonly problem = this.obstacle.asReadonly();
  readonly isSignedIn = computed(() => this.phase() === 'signed-in');

  constructor() {
    this.channel.signOuts.pipe(takeUntilDestroyed()).subscribe((tokenId) => this.followSignOut(tokenId));
  }

  /** The value of `X-Auth-Token`. */
  get credential(): string | null {
    return this.#credential;
  }

  /** Whether the person holds a permission. */
  can(permission: BuiltInPermission): boolean {
    return this.account()?.permissions.includes(permission) ?? false;
  }

  /** Takes up the session that outlived a reload, if there is one. */
  async restore(): Promise<void> {
    this.phase.set('starting');
    try {
      const token = await firstValueFrom(this.api.current());
      await (token === null ? this.forget() : this.adopt(token));
    } catch (error) {
      const problem = problemOf(error);
      this.forget();
      if (problem.status !== 401 && problem.status !== 403) {
        this.obstacle.set(problem);
        this.phase.set('unreachable');
        return;
      }
    }
    this.settle();
  }

  /** Signs in; a refusal is thrown as the HTTP error it came as. */
  async signIn(name: string, password: string): Promise<void> {
    await this.adopt(await firstValueFrom(this.api.logIn(name, password)));
  }

  /** Reads the account again after the person has changed it, or what they may do. */
  async refresh(): Promise<void> {
    const asked = this.#credential;
    // One try that fails is no news: the next request tells.
    const me = await firstValueFrom(this.api.me()).catch(() => null);
    if (me !== null && this.#credential === asked) {
      this.account.set(me);
    }
  }

  /** Ends the session at the server, here and in all other tabs. */
  async signOut(): Promise<void> {
    try {
      await firstValueFrom(this.api.logOut());
    } catch (error) {
      // A session that has ended already is what was wanted.
      if (problemOf(error).status !== 401) {
        throw error;
      }
    }
    this.end('signed-out');
  }

  /** Names what asks the person to sign in again over the page that is open; `null` while no page is. */
  renewBy(askAgain: (() => Promise<boolean>) | null): void {
    this.askAgain = askAgain;
  }

  /** Gets a new session in place of one that has ended, and tells whether there is one. However many ask, it is done once. */
  renew(): Promise<boolean> {
    this.renewing ??= this.renewOnce().finally(() => (this.renewing = null));
    return this.renewing;
  }

  /** Forgets the session and shows the sign-in page; what was open is kept for later if nobody chose to leave. */
  end(notice: SignInNotice): void {
    const tokenId = this.session()?.id;
    if (tokenId === undefined) {
      return;
    }
    this.forget();
    if (notice === 'signed-out') {
      this.channel.announceSignOut(tokenId);
    }
    const returnTo = notice === 'session-ended' ? this.router.url : null;
    void this.router.navigate(['/sign-in'], { queryParams: { notice, returnTo } });
  }

  private async renewOnce(): Promise<boolean> {
    const isRenewed = (await this.followRenewal()) || ((await this.askAgain?.()) ?? false);
    if (!isRenewed) {
      this.end('session-ended');
    }
    return isRenewed;
  }

  /** Takes up a session that the same person has begun in another tab meanwhile. */
  private async followRenewal(): Promise<boolean> {
    const token = await firstValueFrom(this.api.current()).catch(() => null);
    if (token === null || token.user !== this.account()?.name || token.id === this.session()?.id) {
      return false;
    }
    return this.adopt(token).then(
      () => true,
      () => false,
    );
  }

  private async adopt({ token: secret, ...token }: UserTokenDto): Promise<void> {
    const former = this.#credential;
    this.#credential = credential(token.user, secret ?? '');
    try {
      this.account.set(await firstValueFrom(this.api.me()));
    } catch (error) {
      this.#credential = former;
      throw error;
    }
    this.session.set(token);
    this.obstacle.set(null);
    this.phase.set('signed-in');
  }

  private forget(): void {
    this.#credential = null;
    this.account.set(null);
    this.session.set(null);
    this.phase.set('signed-out');
  }

  private followSignOut(tokenId: string): void {
    if (this.isSignedIn() && this.session()?.id !== tokenId) {
      // Another session of the same browser: it must not live on at the server, unseen.
      this.api.logOut().subscribe({ error: () => undefined });
    }
    this.end('signed-out-elsewhere');
  }
}
