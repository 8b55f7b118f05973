import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Time } from '../time';
import { tokenEnd } from './token-end';

/** When a token ends, and whether only if nobody bumps it before. One that was revoked has ended, whatever its date says. */
@Component({
  selector: 'app-token-ending',
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
export class TokenEnding {
  readonly token = input.required<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly end = computed(() => tokenEnd(this.token()));
  protected readonly isIdleEnd = computed(
    () => this.end() !== null && this.token().idleExpirationTime === this.end(),
  );
}
