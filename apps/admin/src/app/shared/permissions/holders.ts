import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';

/**
 * Numbers of the users and API tokens with a role or a permission, linked to the lists that the user may see.
 */
@Component({
  selector: 'app-holders',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (list of lists(); track list.path) {
      {{ $first ? '' : ' · ' }}
      @if (list.canOpen) {
        <a class="link" [routerLink]="list.path" [queryParams]="list.filter"
          >{{ list.text }}<span class="visually-hidden"> {{ t().picker.with(name()) }}</span></a
        >
      } @else {
        <span class="quiet">{{ list.text }}</span>
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
    return [
      { path: '/users', filter, total: this.userCount(), words: users, permission: 'users:read' as const },
      {
        path: '/tokens',
        filter: { kind: 'api', ...filter },
        total: this.tokenCount(),
        words: tokens,
        permission: 'tokens:read' as const,
      },
    ].flatMap(({ total, words, permission, ...list }) =>
      total === undefined
        ? []
        : [{ ...list, text: words(total), canOpen: total > 0 && this.session.can(permission) }],
    );
  });
}
