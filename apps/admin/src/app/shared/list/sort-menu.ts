import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';

/** One order of a list. */
export interface SortChoice {
  /** The `sort` parameter. */
  readonly sort: string;
  readonly label: string;
}

/** Returns the orders of a list from texts by `sort` parameter. */
export function sortChoices(labels: Readonly<Record<string, string>>): SortChoice[] {
  return Object.entries(labels).map(([sort, label]) => ({ sort, label }));
}

/** Menu to sort a list without column headers. */
@Component({
  selector: 'app-sort-menu',
  imports: [Icon, MatButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matButton type="button" [matMenuTriggerFor]="menu">
      <app-icon matButtonIcon name="sort" />{{ current() }}
    </button>
    <mat-menu #menu>
      @for (choice of choices(); track choice.sort) {
        <button
          mat-menu-item
          type="button"
          role="menuitemradio"
          [attr.aria-checked]="choice.sort === sort()"
          (click)="sortChange.emit(choice.sort)"
        >
          <span>
            {{ choice.label }}
            @if (choice.sort === sort()) {
              <app-icon name="check" />
            }
          </span>
        </button>
      }
    </mat-menu>
  `,
  styles: `
    span {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 24px;
    }
  `,
})
export class SortMenu {
  readonly choices = input.required<readonly SortChoice[]>();
  readonly sort = input.required<string>();
  readonly sortChange = output<string>();

  private readonly t = injectTexts();
  protected readonly current = computed(
    () => this.choices().find(({ sort }) => sort === this.sort())?.label ?? this.t().lists.sort,
  );
}
