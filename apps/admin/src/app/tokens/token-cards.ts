import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Time } from '../shared/time';
import { RevokeButton } from './revoke-button';
import { tokenEnd } from './token-end';
import { TokenIdentity } from './token-identity';

/** Tokens as cards, for narrow screens. */
@Component({
  selector: 'app-token-cards',
  imports: [RevokeButton, Time, TokenIdentity],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="cards" aria-label="My tokens">
      @for (token of tokens(); track token.id) {
        <li>
          <app-token-identity [token]="token" [isOwn]="token.id === ownId()" />
          <p class="times">
            @if (token.lastUsageTime; as lastUsageTime) {
              Used <app-time [instant]="lastUsageTime" />
              @if (token.lastUsageAddress; as address) {
                from {{ address }}
              }
            } @else {
              Never used
            }
          </p>
          <div class="facts">
            <p class="times">
              Created <app-time [instant]="token.creationTime" />
              @if (tokenEnd(token); as end) {
                <i aria-hidden="true">·</i> ends <app-time [instant]="end" />
              }
            </p>
            <app-revoke-button [token]="token" [isOwn]="token.id === ownId()" (revoke)="revoke.emit(token)" />
          </div>
        </li>
      }
    </ul>
  `,
})
export class TokenCards {
  readonly tokens = input.required<readonly UserTokenDto[]>();
  /** Id of the token in use here. */
  readonly ownId = input.required<string | null>();
  readonly revoke = output<UserTokenDto>();

  protected readonly tokenEnd = tokenEnd;
}
