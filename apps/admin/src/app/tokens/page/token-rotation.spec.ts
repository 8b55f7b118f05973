import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { SupersededSecretDto } from '@latchkey/auth-models';
import { Notifier } from '../../core/notifier';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { TokensApi } from '../tokens-api';
import { oldSecretUse, TokenRotation } from './token-rotation';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
let fixture: ComponentFixture<TokenRotation>;

function verdict(superseded: SupersededSecretDto): { use: string | undefined; icon: string; text: string } {
  fixture = TestBed.createComponent(TokenRotation);
  fixture.componentRef.setInput('token', { state: 'active' });
  fixture.componentRef.setInput('superseded', superseded);
  fixture.detectChanges();
  const shown = (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>('.verdict');
  return {
    use: shown?.dataset['use'],
    icon: shown?.querySelector('path')?.getAttribute('d') ?? '',
    text: shown?.textContent ?? '',
  };
}

describe('TokenRotation', () => {
  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        { provide: Notifier, useValue: {} },
        { provide: TokenChanges, useValue: { mayChange: () => true } },
        { provide: TokensApi, useValue: {} },
      ],
    });
  });

  it('does not call an unused secret safe, because the rotation may be a second old', () => {
    const unused = verdict({ until: inHours(24), uses: 0 });
    const idle = verdict({ until: inHours(24), uses: 1, lastUsageTime: inHours(-30) });

    expect(unused.use).toBe('unused');
    expect(unused.text).toContain('The old secret has not been used since the rotation.');
    expect(unused.text).toContain('Clients that run rarely may still need it. It works until');
    expect(idle.text).toContain('The old secret is no longer in use.');
    expect(unused.icon).not.toBe(idle.icon);
  });
});

const NOW = Date.parse('2026-11-25T10:00:00Z');

describe('oldSecretUse', () => {
  it.each([
    ['unused', { until: '2026-11-26T10:00:00Z', uses: 0 }],
    ['used', { until: '2026-11-26T10:00:00Z', uses: 2, lastUsageTime: '2026-11-25T09:57:00Z' }],
    ['idle', { until: '2026-11-26T10:00:00Z', uses: 2, lastUsageTime: '2026-11-24T09:59:00Z' }],
    ['expired', { until: '2026-11-25T09:00:00Z', uses: 0 }],
    ['expired', { until: '2026-11-25T09:00:00Z', uses: 2, lastUsageTime: '2026-11-23T09:00:00Z' }],
    ['lateUse', { until: '2026-11-25T09:00:00Z', uses: 2, lastUsageTime: '2026-11-25T08:59:00Z' }],
  ])('is %s for %j', (use, superseded) => {
    expect(oldSecretUse(superseded, NOW)).toBe(use);
  });
});
