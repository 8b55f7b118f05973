import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';

/**
 * Numbers of the users and API tokens with a role or a permission, linked to their lists. Shows only numbers
 * of lists that the user may see.
 */
@Component({
  selector: 'app-holders',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (list of lists(); track list.path) {
      {{ $first ? '' : ' · ' }}
      @if (list.total === 0) {
        <span class="quiet">{{ list.text }}</span>
      } @else {
        <a class="link" [routerLink]="list.path" [queryParams]="list.filter"
          >{{ list.text }}<span class="visually-hidden"> {{ t().picker.with(name()) }}</span></a
        >
      }
    }
  `,
  styles: `
    a,
    span {
      white-space: nowrap;
    }
  `,
})
export class Holders {
  private readonly session = inject(Session);

  /** Name of the filter. */
  readonly by = input.required<'role' | 'permission'>();
  /** Name of the role or the permission. */
  readonly name = input.required<string>();
  readonly userCount = input<number>();
  readonly tokenCount = input<number>();

  protected readonly t = injectTexts();
  protected readonly lists = computed(() => {
    const { users, tokens } = this.t().picker;
    const filter = { [this.by()]: this.name() };
    const [userCount, tokenCount] = [this.userCount(), this.tokenCount()];
    return [
      ...(userCount !== undefined && this.session.can('users:read')
        ? [{ path: '/users', filter, total: userCount, text: users(userCount) }]
        : []),
      ...(tokenCount !== undefined && this.session.can('tokens:read')
        ? [
            {
              path: '/tokens',
              filter: { kind: 'api', ...filter },
              total: tokenCount,
              text: tokens(tokenCount),
            },
          ]
        : []),
    ];
  });
}
