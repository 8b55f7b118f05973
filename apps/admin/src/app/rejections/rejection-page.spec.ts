import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Session } from '../core/session';
import { RejectionPage } from './rejection-page';

/** Shows a rejection with the given results of its checks. */
async function pageOf(response: object | null) {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      provideRouter([]),
      { provide: Session, useValue: { can: () => true, user: () => ({ name: 'ada', permissions: [] }) } },
    ],
  });
  const fixture = TestBed.createComponent(RejectionPage);
  fixture.componentRef.setInput('traceId', 'trace');
  fixture.detectChanges();
  const request = TestBed.inject(HttpTestingController).expectOne('/explanations/trace');
  request.flush(response ?? {}, { status: response ? 200 : 404, statusText: '' });
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
}

describe('RejectionPage', () => {
  it('shows the checks that passed, and those after the failed one, in one line each', async () => {
    const page = await pageOf({
      traceId: 'trace',
      time: '2026-11-29T08:00:00Z',
      status: 401,
      code: 'token_disabled',
      cause: 'token_disabled',
      address: '127.0.0.1',
      steps: [
        { step: 'request', result: 'passed' },
        { step: 'credentials', result: 'passed' },
        { step: 'enabled', result: 'failed', detail: 'The token is disabled.' },
        { step: 'expiry', result: 'skipped' },
      ],
      remedy: { kind: 'enable_token', detail: 'Enable the token.' },
    });

    const titles = [...page.querySelectorAll('mat-panel-title')].map(({ textContent }) => textContent.trim());
    expect(titles).toEqual(['2 checks passed', 'Token enabled', '1 later check skipped']);
    expect(page.querySelector('mat-expansion-panel.mat-expanded')?.textContent).toContain(
      'The token is disabled.',
    );
  });

  it('leads from an unknown trace id to the audit trail', async () => {
    const page = await pageOf(null);

    expect(page.querySelector('app-empty-state a')?.getAttribute('href')).toBe('/audit?traceId=trace');
  });
});
