import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Avatar } from '../shared/ui/avatar';

/** Who a user is: avatar, name and what else they are known by. */
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
        <span class="more">
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
      gap: 14px;
      min-width: 0;
    }
    .words {
      display: grid;
      min-width: 0;
      line-height: 20px;
    }
    .name,
    .more {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .name {
      font-weight: 600;
    }
    .more {
      color: var(--mat-sys-on-surface-variant);
      font-size: 13px;
    }
    i {
      margin: 0 6px;
      font-style: normal;
    }
  `,
})
export class UserIdentity {
  readonly user = input.required<UserDto>();

  protected readonly t = injectTexts();
}
