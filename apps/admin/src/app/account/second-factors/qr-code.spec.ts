import { TestBed } from '@angular/core/testing';
import { QrCode } from './qr-code';

function draw(text: string): SVGElement {
  const fixture = TestBed.createComponent(QrCode);
  fixture.componentRef.setInput('text', text);
  fixture.componentRef.setInput('label', 'QR code');
  fixture.detectChanges();
  return (fixture.nativeElement as HTMLElement).querySelector('svg') as SVGElement;
}

describe('QrCode', () => {
  it('draws a square for each dark module, with the border that scanners need', () => {
    const svg = draw('otpauth://totp/Latchkey:anna?secret=GEZDGNBVGY3TQOJQ');
    const path = svg.querySelector('path')?.getAttribute('d') ?? '';
    const modules = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const [, , size = 0] = svg.getAttribute('viewBox')?.split(' ').map(Number) ?? [];

    expect(Math.min(...modules.flat())).toBe(4);
    expect(Math.max(...modules.flat())).toBe(size - 5);
    // Two of the three finder patterns, which every code has.
    expect(modules).toEqual(
      expect.arrayContaining([
        [4, 4],
        [10, 10],
        [size - 5, 4],
        [4, size - 5],
      ]),
    );
    expect(modules).not.toContainEqual([5, 5]);
  });

  it('has a name for screen readers', () => {
    expect(draw('a').getAttribute('aria-label')).toBe('QR code');
  });
});
