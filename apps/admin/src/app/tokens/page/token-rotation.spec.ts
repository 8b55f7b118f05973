import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { SupersededSecretDto } from '@latchkey/auth-models';
import { TokenRotation } from './token-rotation';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
let fixture: ComponentFixture<TokenRotation>;

function verdict(superseded: SupersededSecretDto): { kind: string | undefined; icon: string; text: string } {
  fixture = TestBed.createComponent(TokenRotation);
  fixture.componentRef.setInput('superseded', superseded);
  fixture.detectChanges();
  const shown = (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>('.verdict');
  return {
    kind: shown?.dataset['verdict'],
    icon: shown?.querySelector('path')?.getAttribute('d') ?? '',
    text: shown?.textContent ?? '',
  };
}

describe('TokenRotation', () => {
  it('does not praise an old secret that nobody has used so far: it may have been a second', () => {
    const unused = verdict({ until: inHours(24), uses: 0 });
    const quiet = verdict({ until: inHours(24), uses: 1, lastUsageTime: inHours(-30) });

    expect(unused.kind).toBe('unused');
    expect(unused.text).toContain('So far, nobody has used the old secret');
    expect(unused.text).toContain('What runs rarely may still need it. It works until');
    expect(quiet.text).toContain('Nobody uses the old secret any more.');
    expect(unused.icon).not.toBe(quiet.icon);
  });
});
