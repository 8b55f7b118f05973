import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { injectTexts } from '../../core/language';
import { FilterChip, type ListFilter } from '../filters/filter-chip';
import { FilterMenu, type ListPreset } from '../filters/filter-menu';
import { SearchField } from '../filters/search-field';
import { focusAfterRemoval } from '../focus';
import type { ListLayout } from './list-layout';
import type { ListState } from './list-state';
import type { RowList } from './paged-list';
import { ViewMenu } from './view-menu';
import type { HideableColumn } from './view-panel';

/**
 * Tools above the rows of a list: search, menu of filters and view, with projected ones between them. The
 * active filters are chips below.
 */
@Component({
  selector: 'app-list-tools',
  imports: [FilterChip, FilterMenu, SearchField, ViewMenu],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (!showsChipsOnly()) {
      <div class="tools row">
        <div class="search" role="search" [attr.aria-label]="label()">
          @if (searchLabel(); as searchLabel) {
            <app-search-field
              [label]="searchLabel"
              [text]="state().query().q"
              (textChange)="state().filter({ q: $event })"
            />
          }
          @if (unset().length > 0 || presets().length > 0) {
            <app-filter-menu
              [path]="list().total() === null ? null : path()"
              [state]="state()"
              [presets]="presets()"
              [filters]="unset()"
              (chosen)="added.set($event)"
            />
          }
        </div>
        <ng-content />
        <app-view-menu [layout]="layout()" [columns]="columns()" [path]="path()" [state]="state()" />
      </div>
    }
    @if (chips().length > 0) {
      <div class="chips row" role="group" [attr.aria-label]="t().lists.filter">
        @for (filter of chips(); track filter.name) {
          <app-filter-chip
            [filter]="filter"
            [value]="valueOf(filter)"
            [opensAtOnce]="filter.name === added()"
            (valueChange)="apply(filter, $event)"
            (dismissed)="added.set(null)"
          />
        }
        @if (state().isFiltered()) {
          <button class="bare link-button" type="button" (click)="state().clearFilters()">
            {{ t().lists.clear }}
          </button>
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .tools {
      gap: var(--space-1);
      min-height: 44px;
      margin-bottom: var(--space-3);
    }
    .search {
      display: flex;
      flex: 1;
      align-items: center;
      min-width: 0;
      gap: var(--space-2);
    }
    app-search-field {
      flex: 1;
      min-width: 0;
      max-width: 440px;
    }
    .chips {
      margin-bottom: var(--space-3);
    }
    :host(.narrow) .search {
      flex-basis: 100%;
    }
    :host(.narrow) app-search-field {
      max-width: none;
    }
  `,
})
export class ListTools {
  /** Path of the list in the API. */
  readonly path = input.required<string>();
  readonly list = input.required<RowList<unknown>>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();
  /** Label of the search; `null` = no search. */
  readonly searchLabel = input<string | null>(null);
  readonly filters = input.required<readonly ListFilter[]>();
  readonly presets = input.required<readonly ListPreset[]>();
  readonly layout = input.required<ListLayout>();
  /** Columns to choose from; empty for cards, which have neither columns nor a density. */
  readonly columns = input.required<readonly HideableColumn[]>();
  /** Whether to show only the chips, because something else replaces the tools. */
  readonly showsChipsOnly = input(false);

  protected readonly t = injectTexts();
  protected readonly unset = computed(() => this.filters().filter((filter) => this.valueOf(filter) === null));
  /** Filter without a value, whose chip is open to choose one. */
  protected readonly added = linkedSignal<readonly ListFilter[], string | null>({
    source: this.unset,
    computation: (unset, previous) => unset.find(({ name }) => name === previous?.value)?.name ?? null,
  });
  protected readonly chips = computed(() =>
    this.filters().filter((filter) => !this.unset().includes(filter) || filter.name === this.added()),
  );

  constructor() {
    focusAfterRemoval(() => this.chips().length, 'app-filter-menu button');
  }

  protected valueOf({ name, custom }: ListFilter): string | null {
    return custom ? custom.value : (this.state().query().filters[name] ?? null);
  }

  protected async apply({ name, custom }: ListFilter, value: string | null): Promise<void> {
    if (value === null) {
      // Otherwise its menu would disappear with its last value.
      this.added.set(name);
    }
    if (custom === undefined) {
      this.state().filter({ [name]: value });
    } else {
      await custom.set(value);
      this.added.update((added) => (value === null ? added : null));
    }
  }
}
