import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { Time } from '../shared/time';
import { UserIdentity } from './user-identity';
import { UserRoles } from './user-roles';
import { UserStatus } from './user-status';

/** Users as cards, for narrow screens. */
@Component({
  selector: 'app-user-cards',
  imports: [Time, UserIdentity, UserRoles, UserStatus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="cards" aria-label="Users">
      @for (user of users(); track user.id) {
        <li>
          <app-user-identity [user]="user" />
          <div class="facts">
            <app-user-status [isEnabled]="user.enabled" />
            <app-user-roles [roles]="user.roles" />
          </div>
          <p class="times">
            @if (user.lastLoginTime; as lastLoginTime) {
              Signed in <app-time [instant]="lastLoginTime" />
            } @else {
              Never signed in
            }
            <i aria-hidden="true">·</i>
            {{ user.tokenCount }} {{ user.tokenCount === 1 ? 'token' : 'tokens' }}
          </p>
        </li>
      }
    </ul>
  `,
})
export class UserCards {
  readonly users = input.required<readonly UserDto[]>();
}
