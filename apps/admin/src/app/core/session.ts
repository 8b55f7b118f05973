import { computed, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import type { BuiltInPermission, MeDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { type Problem, problemOf } from './problem';
import { base64Credential, SessionApi } from './session-api';
import { SessionChannel } from './session-channel';

/** `unreachable` means that the server could not be asked for the session. */
export type SessionState = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

/** Reasons that the sign-in page shows, passed in its URL. */
export const SIGN_IN_NOTICES = [
  'session-ended',
  'signed-out',
  'signed-out-elsewhere',
  'password-set',
] as const;

export type SignInNotice = (typeof SIGN_IN_NOTICES)[number];

/** The signed-in user and their session. Only this class holds the token, and only in memory. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(SessionApi);
  private readonly channel = inject(SessionChannel);
  private readonly router = inject(Router);

  private readonly currentState = signal<SessionState>('starting');
  private readonly currentMe = signal<MeDto | null>(null);
  private readonly currentToken = signal<Omit<UserTokenDto, 'token'> | null>(null);
  private readonly currentProblem = signal<Problem | null>(null);
  private resolveReady!: () => void;
  private signInPrompt: (() => Promise<boolean>) | null = null;
  private renewal: Promise<boolean> | null = null;
  #credential: string | null = null;

  /** Resolves once the server has answered whether there is a session. */
  readonly ready = new Promise<void>((resolve) => (this.resolveReady = resolve));
  readonly state = this.currentState.asReadonly();
  readonly me = this.currentMe.asReadonly();
  /** Token of the session, without its secret. */
  readonly token = this.currentToken.asReadonly();
  /** Reason for the state `unreachable`. */
  readonly problem = this.currentProblem.asReadonly();
  readonly isSignedIn = computed(() => this.currentState() === 'signed-in');

  constructor() {
    this.channel.signOuts.pipe(takeUntilDestroyed()).subscribe((tokenId) => this.onSignOutElsewhere(tokenId));
  }

  /** Value of `X-Auth-Token`. */
  get credential(): string | null {
    return this.#credential;
  }

  /** Whether the user holds a permission. */
  can(permission: BuiltInPermission): boolean {
    return this.currentMe()?.permissions.includes(permission) ?? false;
  }

  /** Restores the session of the cookie after a reload. */
  async restore(): Promise<void> {
    this.currentState.set('starting');
    try {
      const token = await firstValueFrom(this.api.current());
      await (token === null ? this.clear() : this.adopt(token));
    } catch (error) {
      const problem = problemOf(error);
      this.clear();
      if (problem.status !== 401 && problem.status !== 403) {
        this.currentProblem.set(problem);
        this.currentState.set('unreachable');
        return;
      }
    }
    this.resolveReady();
  }

  /** Signs in. Throws the HTTP error of a rejected attempt. */
  async signIn(name: string, password: string): Promise<void> {
    await this.adopt(await firstValueFrom(this.api.logIn(name, password)));
  }

  /** Reads the user again after a change to their profile or roles. */
  async refresh(): Promise<void> {
    const credential = this.#credential;
    // Ignore failures: the next request shows them to the user.
    const me = await firstValueFrom(this.api.me()).catch(() => null);
    if (me !== null && this.#credential === credential) {
      this.currentMe.set(me);
    }
  }

  /** Signs out at the server, here and in all other tabs. */
  async signOut(): Promise<void> {
    try {
      await firstValueFrom(this.api.logOut());
    } catch (error) {
      // A 401 means that the session has already expired.
      if (problemOf(error).status !== 401) {
        throw error;
      }
    }
    this.end('signed-out');
  }

  /** Sets the dialog that asks the user to sign in again over the open page; `null` while there is none. */
  setSignInPrompt(prompt: (() => Promise<boolean>) | null): void {
    this.signInPrompt = prompt;
  }

  /** Replaces an expired session, and returns whether that worked. Concurrent callers share one attempt. */
  renew(): Promise<boolean> {
    this.renewal ??= this.renewOnce().finally(() => (this.renewal = null));
    return this.renewal;
  }

  /** Forgets the session and shows the sign-in page, which returns to the open page if the session expired. */
  end(notice: SignInNotice): void {
    const tokenId = this.currentToken()?.id;
    if (tokenId === undefined) {
      return;
    }
    this.clear();
    if (notice === 'signed-out') {
      this.channel.announceSignOut(tokenId);
    }
    const returnTo = notice === 'session-ended' ? this.router.url : null;
    void this.router.navigate(['/sign-in'], { queryParams: { notice, returnTo } });
  }

  private async renewOnce(): Promise<boolean> {
    const isRenewed = (await this.adoptFromOtherTab()) || ((await this.signInPrompt?.()) ?? false);
    if (!isRenewed) {
      this.end('session-ended');
    }
    return isRenewed;
  }

  /** Adopts a session that the same user has started in another tab. */
  private async adoptFromOtherTab(): Promise<boolean> {
    const token = await firstValueFrom(this.api.current()).catch(() => null);
    if (token === null || token.user !== this.currentMe()?.name || token.id === this.currentToken()?.id) {
      return false;
    }
    return this.adopt(token).then(
      () => true,
      () => false,
    );
  }

  private async adopt({ token: secret, ...token }: UserTokenDto): Promise<void> {
    const previous = this.#credential;
    this.#credential = base64Credential(token.user, secret ?? '');
    try {
      this.currentMe.set(await firstValueFrom(this.api.me()));
    } catch (error) {
      this.#credential = previous;
      throw error;
    }
    this.currentToken.set(token);
    this.currentProblem.set(null);
    this.currentState.set('signed-in');
  }

  private clear(): void {
    this.#credential = null;
    this.currentMe.set(null);
    this.currentToken.set(null);
    this.currentState.set('signed-out');
  }

  private onSignOutElsewhere(tokenId: string): void {
    if (this.isSignedIn() && this.currentToken()?.id !== tokenId) {
      // The other tab signed out a newer session of this browser. Revoke the one of this tab too, or it would stay valid
      // without any tab that shows it.
      this.api.logOut().subscribe({ error: () => undefined });
    }
    this.end('signed-out-elsewhere');
  }
}
