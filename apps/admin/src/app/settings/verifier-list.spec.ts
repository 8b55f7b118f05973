import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { VerifierDto, VerifierListDto } from '@latchkey/auth-models';
import { VerifierList } from './verifier-list';

const VERIFIER: VerifierDto = {
  id: '1',
  name: 'orders',
  version: '1.2.3',
  user: 'gateway',
  address: '192.0.2.7',
  active: true,
  startTime: '2026-11-25T09:30:00.000Z',
  lastReportTime: '2026-11-25T09:30:00.000Z',
  lag: 2,
  local: 985,
  asked: 15,
};

let fixture: ComponentFixture<VerifierList>;
let http: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
  fixture = TestBed.createComponent(VerifierList);
  http = TestBed.inject(HttpTestingController);
  fixture.detectChanges();
});

async function textWith(change: Partial<VerifierListDto>): Promise<string> {
  const replica = {
    id: '9',
    name: 'auth-1:42',
    version: '0.1.0',
    address: '10.0.0.7:3000',
    startTime: '2026-11-25T09:00:00.000Z',
    lag: 3,
    verifiers: 1,
  };
  await Promise.resolve();
  http.expectOne('/verifiers').flush({ replicas: [replica], verifiers: [], total: 0, ...change });
  await fixture.whenStable();
  return (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ');
}

describe('VerifierList', () => {
  it('shows servers and verifiers with their share of local answers', async () => {
    const text = await textWith({ verifiers: [VERIFIER], total: 1 });

    expect(text).toContain('auth-1:42');
    expect(text).toContain('Latchkey 0.1.0 · 10.0.0.7:3000 · started');
    expect(text).toContain('3 ms behind · 1 verifier');
    expect(text).toContain('1.2.3 · 192.0.2.7 · gateway · reported');
    expect(text).toContain('98.5% from memory · 2 ms behind');
    expect(text).toContain('Active');
  });

  it('marks a verifier that no longer reports, and says how many are not shown', async () => {
    const text = await textWith({ verifiers: [{ ...VERIFIER, active: false }], total: 1_203 });

    expect(text).toContain('Silent');
    expect(text).toContain('1,202 more verifiers.');
  });

  it('says that there are no verifiers', async () => {
    expect(await textWith({})).toContain('No verifier has reported');
  });
});
