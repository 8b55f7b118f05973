import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Time } from '../time/time';
import { effectiveExpiry } from './token';

/** When a token ends, and whether only if nobody bumps it before. One that was revoked has ended, whatever its date says. */
@Component({
  selector: 'app-token-expiry',
  imports: [Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (token().state === 'revoked') {
      <span class="quiet">–</span>
    } @else {
      <app-time [instant]="end()" />
      @if (isIdleEnd()) {
        <span class="second-line together">{{ t().tokens.unlessBumped }}</span>
      }
    }
  `,
  styles: `
    .together {
      white-space: nowrap;
    }
  `,
})
export class TokenExpiry {
  readonly token = input.required<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly end = computed(() => effectiveExpiry(this.token()));
  protected readonly isIdleEnd = computed(
    () => this.end() !== null && this.token().idleExpirationTime === this.end(),
  );
}
