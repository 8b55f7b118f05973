import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { FormError } from '../../shared/forms/submit';
import { Time } from '../../shared/time/time';
import { Avatar, Badge } from '../../shared/ui/labels';
import { Fact } from '../../shared/ui/page';
import { UserRoles, UserStatus } from '../user-labels';
import { UserActions } from './user-actions';

/** Header of the user page: identity, status, roles and actions. */
@Component({
  selector: 'app-user-header',
  imports: [Avatar, Badge, Fact, FormError, Time, UserActions, UserRoles, UserStatus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-header.html',
  styleUrl: './user-header.scss',
})
export class UserHeader {
  readonly user = input.required<UserDto>();
  readonly changed = output<UserDto>();
  readonly tokensChanged = output();
  readonly deleted = output();

  protected readonly t = injectTexts();
  /** Problem of the last action. */
  protected readonly problem = signal<Problem | null>(null);
}
