import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Time } from '../time/time';

/** When a token was last used, and from where. */
@Component({
  selector: 'app-token-last-use',
  imports: [Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-time [instant]="token().lastUsageTime" />
    @if (token().lastUsageAddress; as address) {
      <span class="second-line">{{ address }}</span>
    }
  `,
})
export class TokenLastUse {
  readonly token = input.required<Pick<UserTokenDto, 'lastUsageTime' | 'lastUsageAddress'>>();
}
