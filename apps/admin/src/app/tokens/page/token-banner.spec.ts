import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Session } from '../../core/session';
import { TokenBanner } from './token-banner';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Returns the texts of the banner, for entries of the audit trail by action. */
async function bannersOf(token: Partial<UserTokenDto>, events: Record<string, object> = {}) {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      provideRouter([]),
      { provide: Session, useValue: { can: () => true } },
    ],
  });
  const fixture = TestBed.createComponent(TokenBanner);
  fixture.componentRef.setInput('token', { id: 'id', user: 'ada', kind: 'api', enabled: true, ...token });
  fixture.detectChanges();
  for (const request of TestBed.inject(HttpTestingController).match(({ url }) => url === '/audit-events')) {
    const event = events[request.request.params.get('action') ?? ''];
    request.flush({ items: event ? [event] : [] });
  }
  await fixture.whenStable();
  const texts = (fixture.nativeElement as HTMLElement).querySelectorAll('p');
  return [...texts].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());
}

describe('TokenBanner', () => {
  it('says nothing about an active token', async () => {
    expect(await bannersOf({ state: 'active' })).toEqual([]);
  });

  it.each<[string, Partial<UserTokenDto>, RegExp]>([
    ['expires soon', { state: 'expiring', expirationTime: ago(-60 * 24 * 3) }, /^Expires in 3 days\.$/],
    ['has expired', { state: 'expired', expirationTime: ago(5) }, /^Expired on .+\.$/],
    ['is used up', { state: 'expired', usesLeft: 0 }, /^No uses left\.$/],
    ['is not valid yet', { state: 'pending', notBefore: ago(-60) }, /^Not valid before .+\.$/],
    ['is disabled', { state: 'disabled', enabled: false }, /^Disabled\. The server rejects this token/],
    ['has a disabled owner', { state: 'disabled' }, /^The owner is disabled\. .* when ada is enabled\.$/],
    ['was revoked with all others', { state: 'revoked' }, /^Revoked\.$/],
    [
      'is a used canary',
      { state: 'active', kind: 'canary', lastUsageTime: ago(3), lastUsageAddress: '203.0.113.66' },
      /^This canary was used 3 minutes ago from 203\.0\.113\.66\. Explain$/,
    ],
    ['was reported', { state: 'active', leakReportTime: ago(50) }, /^Reported as leaked 50 minutes ago\.$/],
  ])('explains that a token %s', async (_name, token, text) => {
    expect(await bannersOf(token)).toEqual([expect.stringMatching(text)]);
  });

  it('names who revoked a token, when and why', async () => {
    const event = { time: ago(2 * 24 * 60), actor: { id: '1', name: 'admin' }, after: { reason: 'left' } };

    expect(await bannersOf({ state: 'revoked' }, { authn_token_revoked: event })).toEqual([
      'Revoked by admin 2 days ago: left',
    ]);
  });

  it('says that a report revoked a token, once', async () => {
    const event = { time: ago(50), actor: { id: '1', name: 'gitleaks' }, after: { effect: 'revoked' } };

    expect(
      await bannersOf({ state: 'revoked', leakReportTime: ago(50) }, { authn_token_leaked: event }),
    ).toEqual(['Reported as leaked 50 minutes ago, and revoked at once.']);
  });
});
