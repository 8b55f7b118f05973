import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from '@jest/globals';
import type { UserTokenDto } from '@latchkey/auth-models';
import { NEVER, of } from 'rxjs';
import { timeOfDay } from '../../core/effective-notice';
import { Session } from '../../core/session';
import { TokensApi } from '../tokens-api';
import { LeakResponse } from './leak-response';

const TOKEN: UserTokenDto = {
  id: 't1',
  user: 'backup-bot',
  kind: 'api',
  enabled: true,
  state: 'active',
  creationTime: '2026-11-01T00:00:00Z',
  tokenPreview: 'latchkey_…wXyZ',
  version: 3,
};

/** Rotates the token with this response. Returns the status and the secret that the dialog shows. */
async function rotate(response: Partial<UserTokenDto>) {
  const rotated = { ...TOKEN, token: 'latchkey_0123456789ABCDEF', ...response };
  const api = {
    countDescendants: () => of(0),
    list: () => of({ items: [], page: 1, size: 5, total: 0 }),
    rotate: () => of(rotated),
    usage: () => of({ days: [], permissions: [], addresses: [] }),
  };
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      provideRouter([]),
      { provide: MAT_DIALOG_DATA, useValue: TOKEN },
      { provide: MatDialogRef, useValue: { backdropClick: () => NEVER, keydownEvents: () => NEVER } },
      { provide: Session, useValue: { can: () => false, user: signal(null), token: signal(null) } },
      { provide: TokensApi, useValue: api },
    ],
  });
  const fixture = TestBed.createComponent(LeakResponse);
  const page = fixture.nativeElement as HTMLElement;
  const loader = TestbedHarnessEnvironment.loader(fixture);
  await (await loader.getHarness(MatButtonHarness.with({ text: 'Rotate' }))).click();
  return {
    status: page.querySelector('[role=status]')?.textContent,
    secret: page.querySelector('code')?.textContent,
  };
}

describe('the response to a leak', () => {
  it('shows the new secret, and when the old one is rejected everywhere', async () => {
    const effectiveBy = '2026-11-30T12:00:02.000Z';

    const { status, secret } = await rotate({ effectiveBy });

    expect(secret).toContain('latchkey_0123456789ABCDEF');
    expect(status).toBe(`Token rotated. Rejected everywhere by ${timeOfDay(effectiveBy, 'en')}.`);
  });

  it('shows the new secret also when an older server sends no time', async () => {
    const { status, secret } = await rotate({});

    expect(secret).toContain('latchkey_0123456789ABCDEF');
    expect(status).toBe('Token rotated.');
  });
});
