import { booleanAttribute, ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { GrantLink } from '../shared/permissions/grant-link';
import { Avatar, Badge } from '../shared/ui/labels';

/** Avatar, name, display name and e-mail address of a user. */
@Component({
  selector: 'app-user-identity',
  imports: [Avatar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-avatar [name]="user().displayName ?? user().name" [kind]="user().kind" />
    <span class="words">
      <span class="name" [title]="user().name">
        <bdi>{{ user().name }}</bdi>
        @if (user().kind === 'service') {
          <span class="visually-hidden">{{ t().users.isService }}</span>
        }
      </span>
      @if (user().displayName || user().email) {
        <span class="second-line ellipsis">
          @if (user().displayName; as displayName) {
            <bdi>{{ displayName }}</bdi>
          }
          @if (user().displayName && user().email) {
            <i aria-hidden="true">·</i>
          }
          @if (user().email; as email) {
            <bdi>{{ email }}</bdi>
          }
        </span>
      }
    </span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      min-width: 0;
    }
    .words {
      display: grid;
      min-width: 0;
    }
    /* Most names fit into two lines. */
    .name {
      display: -webkit-box;
      overflow: hidden;
      font-weight: 600;
      overflow-wrap: anywhere;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: var(--app-identity-lines, 2);
      line-clamp: var(--app-identity-lines, 2);
    }
    i {
      margin: 0 var(--space-1);
    }
  `,
})
export class UserIdentity {
  readonly user = input.required<UserDto>();

  protected readonly t = injectTexts();
}

/** Badges of a user's roles; `admin` stands out. */
@Component({
  selector: 'app-user-roles',
  imports: [Badge, GrantLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (role of roles(); track role) {
      <app-badge [tone]="role === 'admin' ? 'brass' : 'quiet'">
        @if (isLinked()) {
          <app-grant-link [name]="role" />
        } @else {
          {{ role }}
        }
      </app-badge>
    } @empty {
      <span class="quiet">{{ t().common.none }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1);
    }
  `,
})
export class UserRoles {
  readonly roles = input.required<readonly string[]>();
  /** Whether the roles link to their pages. */
  readonly isLinked = input(false, { transform: booleanAttribute });

  protected readonly t = injectTexts();
}

/** Status of a user as a word with a colored dot, which is hollow for disabled users. */
@Component({
  selector: 'app-user-status',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.enabled]': 'isEnabled()' },
  template: `{{ isEnabled() ? t().users.states.true : t().users.states.false }}`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: var(--space-2);
      white-space: nowrap;
      color: var(--mat-sys-on-surface-variant);
    }
    :host::before {
      content: '';
      width: 8px;
      height: 8px;
      border: 2px solid var(--mat-sys-outline);
      border-radius: 50%;
    }
    :host(.enabled) {
      color: inherit;
    }
    :host(.enabled)::before {
      border-color: var(--app-good);
      background: var(--app-good);
    }
  `,
})
export class UserStatus {
  readonly isEnabled = input.required<boolean>();

  protected readonly t = injectTexts();
}
