import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { FormError } from '../../shared/forms/form-error';
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
  styles: `
    header {
      display: flex;
      align-items: flex-start;
      gap: var(--space-5);
    }
    app-avatar {
      --app-icon-size: 32px;
      width: 64px;
      height: 64px;
      font-size: 1.625rem;
    }
    app-user-actions {
      margin-top: var(--space-4);
    }
    .who {
      flex: 1;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    p {
      gap: 0 var(--space-4);
      margin: var(--space-half) 0 0;
    }
    .marks {
      gap: var(--space-1) var(--space-3);
      margin-top: var(--space-2);
    }
    app-form-error {
      margin-top: var(--space-5);
    }
    .facts {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-3) var(--space-10);
      margin-top: var(--space-6);
    }
    @media (width < 37.5em) {
      header {
        flex-wrap: wrap;
        gap: var(--space-3);
      }
      app-avatar {
        --app-icon-size: 26px;
        width: 48px;
        height: 48px;
        font-size: 1.25rem;
      }
      app-user-actions {
        margin-top: var(--space-4);
      }
      .who {
        flex-basis: calc(100% - 62px);
      }
      h1 {
        font-size: 1.375rem;
      }
    }
  `,
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
