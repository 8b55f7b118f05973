import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { type Problem, problemText } from '../../core/problem';
import { FormError } from '../../shared/forms/form-error';
import { Time } from '../../shared/time/time';
import { Avatar } from '../../shared/ui/avatar';
import { Badge } from '../../shared/ui/badge';
import { UserRoles } from '../user-roles';
import { UserStatus } from '../user-status';
import { UserActions } from './user-actions';

/** Who a user is, how they stand, and what can be done about them. */
@Component({
  selector: 'app-user-header',
  imports: [Avatar, Badge, FormError, Time, UserActions, UserRoles, UserStatus],
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
  protected readonly problemText = problemText;
  /** Why the last action was refused. */
  protected readonly problem = signal<Problem | null>(null);
}
