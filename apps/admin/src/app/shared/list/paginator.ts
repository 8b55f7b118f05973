import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import { type ListState, PAGE_SIZES } from './list-state';

@Component({
  selector: 'app-paginator',
  imports: [Icon, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'navigation', '[attr.aria-label]': 't().lists.pages.label' },
  template: `
    <label>
      {{ t().lists.rows }}
      <select #size (change)="resize(size.value)">
        @for (choice of sizes; track choice) {
          <option [value]="choice" [selected]="choice === state().query().size">{{ choice }}</option>
        }
      </select>
    </label>
    <p aria-live="polite">{{ range() }}</p>
    <div>
      @for (turn of turns(); track turn.icon) {
        <button
          matIconButton
          type="button"
          disabledInteractive
          [attr.aria-label]="turn.label"
          [disabled]="turn.page === page() || turn.page < 1 || turn.page > last()"
          (click)="state().navigate({ page: turn.page })"
        >
          <app-icon [name]="turn.icon" />
        </button>
      }
    </div>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: flex-end;
      gap: var(--space-1) var(--space-5);
      padding: var(--space-1) var(--space-2) var(--space-1) var(--space-5);
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
      font-variant-numeric: tabular-nums;
    }
    select {
      min-height: 32px;
      margin-left: var(--space-2);
      padding: 0 var(--space-2);
      border: 1px solid var(--app-field-line);
      border-radius: var(--mat-sys-corner-small);
      background: var(--app-card);
      color: var(--mat-sys-on-surface);
      font: inherit;
    }
    div {
      display: flex;
    }
    @media (width < 37.5em) {
      :host {
        justify-content: space-between;
        padding-left: var(--space-4);
      }
      label {
        display: none;
      }
    }
  `,
})
export class Paginator {
  readonly total = input.required<number>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly sizes = PAGE_SIZES;
  protected readonly page = computed(() => this.state().query().page);
  protected readonly last = computed(() => Math.ceil(this.total() / this.state().query().size));
  protected readonly range = computed(() => {
    const { page, size } = this.state().query();
    const end = Math.min(page * size, this.total());
    return this.t().lists.pages.range((page - 1) * size + 1, end, this.total());
  });
  protected readonly turns = computed(() => {
    const { firstPage, previousPage, nextPage, lastPage } = this.t().lists.pages;
    return [
      { icon: 'first', label: firstPage, page: 1 },
      { icon: 'chevronLeft', label: previousPage, page: this.page() - 1 },
      { icon: 'chevronRight', label: nextPage, page: this.page() + 1 },
      { icon: 'last', label: lastPage, page: this.last() },
    ] as const;
  });

  protected resize(size: string): void {
    this.state().navigate({ page: 1, size: Number(size) });
  }
}
