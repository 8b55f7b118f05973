import {
  HttpClient,
  HttpContext,
  HttpContextToken,
  HttpErrorResponse,
  type HttpResponse,
} from '@angular/common/http';
import {
  computed,
  DestroyRef,
  DOCUMENT,
  effect,
  EnvironmentInjector,
  inject,
  NgZone,
  runInInjectionContext,
  signal,
} from '@angular/core';
import type {
  BumpResponseDto,
  LoginDto,
  MeDto,
  PasskeyCredentialDto,
  PasskeyLoginDto,
  PresentedTokenDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import { firstValueFrom, type Observable } from 'rxjs';
import { basicHeader, tokenHeader } from '../session/credentials.js';
import { keepAlive } from './keep-alive.js';
import { LATCHKEY_OPTIONS, type SignOutReason } from './latchkey-options.js';

/**
 * State of the session. `unreachable` means that the server was not available when the session was restored.
 */
export type SessionState = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

/**
 * Why the user is asked to sign in again: the session has expired, or a request requires a fresh proof of who
 * they are (`step-up`), or a second factor, which they may not have yet (`enrolment`).
 */
export type SignInReason = 'session-ended' | 'step-up' | 'enrolment';

/** Proof of who the user is, for {@link LatchkeySession.stepUp}. */
export interface StepUpProof {
  /** Code of an authenticator app, or a recovery code. */
  code?: string;
  /** Password of a user without a second factor. */
  currentPassword?: string;
  /** Response of a passkey to the options of `POST /auth/login/passkey/options`. */
  passkey?: PasskeyCredentialDto;
}

/** Message to the other tabs after a sign-in. A tab that waits for a sign-in then adopts the session. */
const SIGNED_IN = true;

/** Whether to send a request without the token. */
export const WITHOUT_TOKEN = new HttpContextToken(() => false);

/** Returns the context of a request that is sent without the token. */
export function withoutToken(context = new HttpContext()): HttpContext {
  return context.set(WITHOUT_TOKEN, true);
}

/**
 * The signed-in user and their session. Only this class holds the token.
 *
 * `Permission` is the union of the permissions that `can` accepts.
 */
export class LatchkeySession<Permission extends string = string> {
  private readonly http = inject(HttpClient);
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(EnvironmentInjector);
  private readonly zone = inject(NgZone);
  private readonly options = inject(LATCHKEY_OPTIONS);
  private readonly url = (this.options.url ?? '').replace(/\/+$/, '');
  /** Name of the broadcast channel and of the item in the storage. It differs between servers. */
  private readonly key = `latchkey-session ${new URL(`${this.url}/`, this.document.baseURI).href}`;
  private readonly channel = new BroadcastChannel(this.key);

  private readonly currentState = signal<SessionState>('starting');
  private readonly currentUser = signal<MeDto | null>(null);
  private readonly currentToken = signal<Omit<UserTokenDto, 'token' | 'idleExpirationTime'> | null>(null);
  private readonly currentError = signal<HttpErrorResponse | null>(null);
  private resolveReady!: () => void;
  private signInPrompt: ((reason: SignInReason) => Promise<boolean>) | null = null;
  private restoration: Promise<void> | null = null;
  private renewal: Promise<void> | null = null;
  private freshening: Promise<unknown> | null = null;
  private proofCount = 0;
  // Fields with # do not appear in logs of the session.
  #credential: string | null = null;

  /** Resolves once it is known whether there is a session. Route guards wait for it. */
  readonly ready = new Promise<void>((resolve) => (this.resolveReady = resolve));
  /** State of the session. */
  readonly state = this.currentState.asReadonly();
  /** Whether a user is signed in. */
  readonly isSignedIn = computed(() => this.currentState() === 'signed-in');
  /** Signed-in user with their effective permissions. */
  readonly user = this.currentUser.asReadonly();
  /** Token of the session with its absolute expiry, without its secret. */
  readonly token = this.currentToken.asReadonly();
  /** Reason for the state `unreachable`. */
  readonly error = this.currentError.asReadonly();
  /** Origin of Latchkey. */
  readonly origin = this.originOf(this.url);
  /** Origins to which the interceptor sends the token. */
  readonly origins: ReadonlySet<string> = new Set([
    this.origin,
    ...(this.options.apiOrigins ?? []).map((url) => this.originOf(url)),
  ]);

  constructor() {
    this.channel.onmessage = ({ data }) => this.zone.run(() => this.onMessage(data));
    inject(DestroyRef).onDestroy(() => this.channel.close());
    effect((onCleanup) => {
      if (this.currentToken() !== null) {
        onCleanup(keepAlive(this.document, this.zone, () => this.bump()));
      }
    });
  }

  /** Value of `X-Auth-Token`; `null` while the user is signed out. */
  get credential(): string | null {
    return this.#credential;
  }

  /** Number of sign-ins and step-ups so far, by which the interceptor detects a fresh proof. */
  get proofs(): number {
    return this.proofCount;
  }

  /** Whether the user holds a permission. */
  can(permission: Permission): boolean {
    return this.currentUser()?.permissions.includes(permission) ?? false;
  }

  /**
   * Restores the session after a reload. {@link provideLatchkey} calls it. Call it to try again in the state
   * `unreachable`.
   */
  restore(): Promise<void> {
    this.restoration ??= this.restoreOnce().finally(() => (this.restoration = null));
    return this.restoration;
  }

  /**
   * Signs in. `permissions` and `roles` limit the session.
   *
   * @param code code of the second factor, or a recovery code. Ask for it when the sign-in fails with the
   *   code `second_factor_required`.
   * @throws HttpErrorResponse if the sign-in fails.
   */
  async signIn(name: string, password: string, login: LoginDto = {}, code?: string): Promise<void> {
    await this.start('/auth/login', login, { ...basicHeader(name, password), ...codeHeader(code) });
  }

  /**
   * Signs in with a passkey, without a name and a password. Browsers use the passkeys of Latchkey on pages of
   * its own origin only.
   *
   * @param passkey response of the browser to the options of `POST /auth/login/passkey/options`.
   * @throws HttpErrorResponse if the sign-in fails.
   */
  async signInWithPasskey(passkey: PasskeyCredentialDto, login: LoginDto = {}): Promise<void> {
    const dto: PasskeyLoginDto = { ...login, credential: passkey };
    await this.start('/auth/login/passkey', dto, {});
  }

  /**
   * Proves again who the user is, for routes that require a fresh session. Users with a second factor need a
   * code or a passkey. Others need their password.
   *
   * @throws HttpErrorResponse if the server rejects the proof.
   */
  async stepUp({ code, ...proof }: StepUpProof): Promise<void> {
    const credential = this.#credential;
    const headers = codeHeader(code);
    const proven = await firstValueFrom(
      this.http.post<Partial<PresentedTokenDto>>(`${this.url}/auth/step-up`, proof, { headers }),
    );
    if (this.#credential === credential) {
      this.proofCount += 1;
      this.currentUser.update(
        (user) => user && { ...user, ...(user.token && { token: { ...user.token, ...proven } }) },
      );
    }
  }

  /** Reads the user again after a change to their profile or roles. */
  async refresh(): Promise<void> {
    const credential = this.#credential;
    // Ignore failures: the next request shows them to the user.
    const user = await this.readUser(credential).catch(() => null);
    if (user !== null && this.#credential === credential) {
      this.currentUser.set(user);
    }
  }

  /**
   * Revokes the session, and signs out in all tabs.
   *
   * @throws HttpErrorResponse if the server could not revoke the session. The user is then still signed in.
   */
  async signOut(): Promise<void> {
    try {
      await firstValueFrom(this.revoke(this.#credential));
    } catch (error) {
      // The session may have expired.
      if (!isUnauthorized(error)) {
        throw error;
      }
    }
    this.end('signed-out');
  }

  /**
   * Sets the function that asks the user to sign in again, for example with a dialog over the open page. It
   * returns whether the user signed in. If so, the rejected requests are repeated. `null` removes the
   * function.
   *
   * With the reason `session-ended`, the session has expired, and ends if the user does not sign in. With
   * `step-up`, a request requires a fresh proof of who the user is: {@link stepUp} or {@link signIn}. With
   * `enrolment`, it requires a second factor: {@link stepUp}, or a page that adds one.
   */
  setSignInPrompt(prompt: ((reason: SignInReason) => Promise<boolean>) | null): void {
    this.signInPrompt = prompt;
  }

  /**
   * Replaces or ends the session if Latchkey rejects its token. The interceptor calls it. Concurrent callers
   * share one attempt.
   */
  renew(): Promise<void> {
    this.renewal ??= this.renewOnce().finally(() => (this.renewal = null));
    return this.renewal;
  }

  /**
   * Asks the user for a proof of who they are. The interceptor calls it. Concurrent callers share one
   * attempt.
   */
  async freshen(reason: 'step-up' | 'enrolment'): Promise<void> {
    this.freshening ??= this.askToSignIn(reason).finally(() => (this.freshening = null));
    await this.freshening;
  }

  /** Ends the session without a request, for example after its token was revoked. */
  end(reason: SignOutReason): void {
    const tokenId = this.currentToken()?.id;
    if (tokenId === undefined) {
      return;
    }
    this.clear();
    // Another tab may have stored a newer session.
    const stored = this.storedToken();
    if (reason === 'signed-out' || stored?.id === tokenId) {
      this.store(null);
    }
    if (reason === 'signed-out') {
      if (stored !== null && stored.id !== tokenId) {
        // If that tab is closed, no other tab revokes its session.
        this.revoke(credentialOf(stored)).subscribe({ error: () => undefined });
      }
      this.channel.postMessage(tokenId);
    }
    runInInjectionContext(this.injector, () => this.options.onSignOut?.(reason));
  }

  /** Starts a session, and adopts it in this tab and in those that are signed out. */
  private async start(path: string, body: LoginDto, credentials: Record<string, string>): Promise<void> {
    // Otherwise, the restored session would replace the new one.
    await this.restoration;
    const headers = { ...credentials, ...(this.usesCookie() && { Prefer: 'session-cookie' }) };
    const context = withoutToken();
    await this.adopt(
      await firstValueFrom(this.http.post<UserTokenDto>(`${this.url}${path}`, body, { headers, context })),
    );
    this.channel.postMessage(SIGNED_IN);
  }

  private async restoreOnce(): Promise<void> {
    const credential = this.#credential;
    this.currentState.set('starting');
    let token: UserTokenDto | null = null;
    try {
      token = await this.savedToken();
      if (token !== null) {
        await this.adopt(token, credential);
        return;
      }
    } catch (error) {
      if (this.#credential !== credential) {
        return;
      }
      if (error instanceof HttpErrorResponse && error.status !== 401 && error.status !== 403) {
        this.currentError.set(error);
        this.currentState.set('unreachable');
        return;
      }
      // Another tab may have stored a newer session.
      if (this.storedToken()?.id === token?.id) {
        this.store(null);
      }
    }
    // A sign-in may have completed meanwhile.
    if (this.#credential === credential) {
      this.clear();
    }
  }

  private async renewOnce(): Promise<void> {
    const credential = this.#credential;
    // The 401 may come from a gateway, or from another API that has its own reasons.
    const isValid = await this.readUser(credential).then(
      () => true,
      (error: unknown) => !isUnauthorized(error),
    );
    // The user may have signed out or in again during each request.
    if (isValid || this.#credential !== credential) {
      return;
    }
    await this.adoptFromOtherTab();
    if (this.#credential !== credential) {
      return;
    }
    if (!(await this.askToSignIn('session-ended')) && this.#credential === credential) {
      this.end('session-ended');
    }
  }

  private async askToSignIn(reason: SignInReason): Promise<boolean> {
    return (await this.signInPrompt?.(reason).catch(() => false)) ?? false;
  }

  /** Adopts a session that the same user has started in another tab. */
  private async adoptFromOtherTab(): Promise<void> {
    const credential = this.#credential;
    try {
      const token = await this.savedToken();
      if (token !== null && token.user === this.currentUser()?.name && token.id !== this.currentToken()?.id) {
        await this.adopt(token, credential);
      }
    } catch {
      // The other session is invalid too.
    }
  }

  /** Adopts a session. If `expected` is set, only while that is still the credential. */
  private async adopt(token: UserTokenDto, expected?: string | null): Promise<void> {
    const credential = credentialOf(token);
    const user = await this.readUser(credential);
    if (expected !== undefined && this.#credential !== expected) {
      return;
    }
    // Bumps extend the idle expiry.
    const { token: secret, idleExpirationTime, ...lastingMembers } = token;
    this.#credential = credential;
    this.proofCount += 1;
    this.store(token);
    this.currentUser.set(user);
    this.currentToken.set(lastingMembers);
    this.currentError.set(null);
    this.currentState.set('signed-in');
    this.resolveReady();
  }

  private clear(): void {
    this.#credential = null;
    this.currentUser.set(null);
    this.currentToken.set(null);
    this.currentState.set('signed-out');
    this.resolveReady();
  }

  private readUser(credential: string | null): Promise<MeDto> {
    const headers = { 'X-Auth-Token': credential ?? '' };
    return firstValueFrom(this.http.get<MeDto>(`${this.url}/me`, { headers }));
  }

  /** Returns the session that was saved before a reload, or by another tab. */
  private async savedToken(): Promise<UserTokenDto | null> {
    return this.usesCookie()
      ? firstValueFrom(
          this.http.get<UserTokenDto | null>(`${this.url}/auth/session`, { context: withoutToken() }),
        )
      : this.storedToken();
  }

  private storedToken(): UserTokenDto | null {
    try {
      return JSON.parse(this.options.storage?.getItem(this.key) ?? 'null') as UserTokenDto | null;
    } catch {
      return null;
    }
  }

  /** Stores or removes the session. If the storage is full or blocked, the session is kept in memory only. */
  private store(token: UserTokenDto | null): void {
    try {
      if (token === null) {
        this.options.storage?.removeItem(this.key);
      } else {
        this.options.storage?.setItem(this.key, JSON.stringify(token));
      }
    } catch {
      // The sign-in has succeeded nevertheless.
    }
  }

  /**
   * Whether the session cookie keeps the session. Latchkey accepts the cookie only from pages of its own
   * origin.
   */
  private usesCookie(): boolean {
    return this.options.storage === undefined && this.origin === this.document.location.origin;
  }

  private bump(): Observable<HttpResponse<BumpResponseDto>> {
    return this.http.post<BumpResponseDto>(`${this.url}/auth/bump`, null, { observe: 'response' });
  }

  private revoke(credential: string | null): Observable<unknown> {
    const headers = { 'X-Auth-Token': credential ?? '' };
    return this.http.post(`${this.url}/auth/logout`, null, { headers });
  }

  /** Handles a message of another tab: {@link SIGNED_IN}, or the id of the token that it signed out. */
  private onMessage(message: unknown): void {
    if (typeof message === 'string') {
      this.onSignOutElsewhere(message);
    } else if (message === SIGNED_IN && (this.renewal !== null || !this.isSignedIn())) {
      void (this.renewal === null ? this.restore() : this.adoptFromOtherTab());
    }
  }

  private onSignOutElsewhere(tokenId: string): void {
    if (this.isSignedIn() && this.currentToken()?.id !== tokenId) {
      // The other tab signed out a newer session of this browser. Revoke the session of this tab too.
      // Otherwise it would stay valid although no tab shows it.
      this.revoke(this.#credential).subscribe({ error: () => undefined });
    }
    this.end('signed-out-elsewhere');
  }

  private originOf(url: string): string {
    return new URL(url, this.document.baseURI).origin;
  }
}

function credentialOf({ user, token = '' }: UserTokenDto): string | null {
  return tokenHeader({ user, token })['X-Auth-Token'] ?? null;
}

/** Returns the header field with a code. It is in ASCII: the server rejects any other code as wrong. */
function codeHeader(code: string | undefined): Record<string, string> {
  return code ? { 'X-Auth-OTP': code.trim().replace(/[^ -~]/g, '?') } : {};
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof HttpErrorResponse && error.status === 401;
}
