import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { problemText } from '../../core/problem';
import { Avatar } from '../../shared/avatar';
import { Badge } from '../../shared/badge';
import { Refusal } from '../../shared/refusal';
import { Time } from '../../shared/time';
import { UserRoles } from '../user-roles';
import { UserStatus } from '../user-status';
import { UserActions } from './user-actions';

/** Who a user is, how they stand, and what can be done about them. */
@Component({
  selector: 'app-user-head',
  imports: [Avatar, Badge, Refusal, Time, UserActions, UserRoles, UserStatus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-head.html',
  styleUrl: './user-head.scss',
})
export class UserHead {
  readonly user = input.required<UserDto>();
  readonly changed = output<UserDto>();
  readonly tokensChanged = output();
  readonly deleted = output();

  protected readonly t = injectTexts();
  protected readonly problemText = problemText;
  /** Why the last action was refused. */
  protected readonly problem = signal<Problem | null>(null);
}
