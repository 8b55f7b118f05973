import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { MeDto, UserTokenDto } from '@latchkey/auth-models';
import {
  latchkeyInterceptor,
  type LatchkeyOptions,
  LatchkeySession,
  provideLatchkey,
  type SignOutReason,
} from '../../../libs/client/src/angular/index';

export const TOKEN: UserTokenDto = {
  token: 'latchkey_secret',
  id: 't1',
  user: 'anna',
  kind: 'session',
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  state: 'active',
  tokenPreview: 'latchkey_…cret',
  version: 0,
};
export const ME: MeDto = {
  id: 'u1',
  name: 'anna',
  kind: 'human',
  roles: ['auditor'],
  permissions: ['users:read'],
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  version: 0,
};
export const CREDENTIAL = Buffer.from('anna:latchkey_secret').toString('base64');
export const OTHER: UserTokenDto = { ...TOKEN, id: 't2', token: 'latchkey_other' };
export const OTHER_CREDENTIAL = Buffer.from('anna:latchkey_other').toString('base64');
export const UNAUTHORIZED = { status: 401, statusText: 'Unauthorized' };

/** Channel to the other tabs, which jsdom lacks. */
export class Channel {
  static last: Channel;
  readonly postMessage = jest.fn();
  readonly close = jest.fn();
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    Channel.last = this;
  }

  signOutElsewhere(tokenId: string): void {
    this.onmessage?.({ data: tokenId });
  }

  signInElsewhere(): void {
    this.onmessage?.({ data: true });
  }
}

export const onSignOut = jest.fn<(reason: SignOutReason) => void>();
/** Requests of the session that the current test has started. */
export let http: HttpTestingController;
/** The session itself. */
export let session: LatchkeySession;

/** Starts the session of a tab, which first requests the one of the cookie if it can. */
export function start(options: LatchkeyOptions = {}): void {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([latchkeyInterceptor])),
      provideHttpClientTesting(),
      provideLatchkey({ onSignOut, ...options }),
    ],
  });
  http = TestBed.inject(HttpTestingController);
  session = TestBed.inject<LatchkeySession>(LatchkeySession);
}

/** Starts without a session. */
export async function startSignedOut(): Promise<void> {
  start();
  http.expectOne('/auth/session').flush(null, { status: 204, statusText: 'No Content' });
  await settle();
}

/** Waits for the promises between two requests. */
export const settle = () => new Promise((resolve) => setTimeout(resolve));

/** Responds to a login or the request for the session, and then to the request for the user. */
export async function respond(request: TestRequest, token: UserTokenDto = TOKEN): Promise<void> {
  request.flush(token);
  await settle();
  http.expectOne(({ url }) => url.endsWith('/me')).flush(ME);
  await settle();
}

export async function signIn(url = ''): Promise<void> {
  const signingIn = session.signIn('anna', 'pässword 暗号');
  await settle();
  await respond(http.expectOne(`${url}/auth/login`));
  await signingIn;
}

/** Prepares the tests of a file, and checks after each that no request is left without a response. */
export function useSession(): void {
  Object.defineProperty(globalThis, 'BroadcastChannel', { value: Channel });

  beforeEach(() => onSignOut.mockReset());

  afterEach(() => {
    // Bumps have tests of their own.
    http.match(({ url }) => url.endsWith('/auth/bump'));
    http.verify();
    sessionStorage.clear();
  });
}
