import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { encode } from 'uqr';

/** Light border that scanners need around the code, in modules (ISO/IEC 18004). */
const BORDER = 4;

/** QR code. It is dark on a light ground in both themes, because many scanners read no other. */
@Component({
  selector: 'app-qr-code',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg role="img" [attr.aria-label]="label()" [attr.viewBox]="'0 0 ' + size() + ' ' + size()">
      <path [attr.d]="path()" />
    </svg>
  `,
  styles: `
    svg {
      display: block;
      width: 100%;
      border-radius: var(--mat-sys-corner-small);
      background: #fff;
      shape-rendering: crispedges;
    }
    path {
      fill: #000;
    }
    /* Forced colors would make the ground dark. */
    @media (forced-colors: active) {
      svg {
        forced-color-adjust: none;
      }
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  /** Name for screen readers. */
  readonly label = input.required<string>();

  private readonly rows = computed(() => encode(this.text(), { ecc: 'M', border: BORDER }).data);
  protected readonly size = computed(() => this.rows().length);
  protected readonly path = computed(() =>
    this.rows()
      .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
      .join(''),
  );
}
