import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../core/language';
import { SessionWarning } from '../core/session-warning';
import { Time } from '../shared/time/time';

/** Warns that the session ends soon, and offers a new one. */
@Component({
  selector: 'app-session-banner',
  imports: [MatButton, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status' },
  template: `
    @if (warning.end(); as end) {
      <div class="banner">
        <p>{{ t().session.warning.text }} <app-time [instant]="end" /></p>
        <button matButton type="button" (click)="renew.emit()">{{ t().session.warning.action }}</button>
      </div>
    }
  `,
  styles: `
    .banner {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 4px 16px;
      margin-bottom: 24px;
      padding: 6px 8px 6px 16px;
      border-radius: 10px;
      background: var(--mat-sys-tertiary-container);
      color: var(--mat-sys-on-tertiary-container);

      --mat-button-text-label-text-color: var(--mat-sys-on-tertiary-container);
    }
    p {
      margin: 0;
      font-weight: 550;
    }
  `,
})
export class SessionBanner {
  protected readonly t = injectTexts();
  protected readonly warning = inject(SessionWarning);

  readonly renew = output();
}
