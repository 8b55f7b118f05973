import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import type { PageDto } from '@latchkey/auth-models';
import { forkJoin, map } from 'rxjs';
import { Language } from '../../core/language';
import { listParameters, type ListState } from '../list/list-state';
import { loaded } from '../loaded';
import { Icon } from '../ui/icon';
import type { ListFilter } from './filter-chip';

/** Filters that are set together. */
export interface ListPreset {
  readonly label: string;
  /** Values to set; `null` removes the filter. */
  readonly filters: Readonly<Record<string, string | null>>;
}

/** Menu to add filters: presets with their numbers of rows, and filters whose value is chosen next. */
@Component({
  selector: 'app-filter-menu',
  imports: [Icon, MatButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      matButton
      class="icon-if-phone"
      type="button"
      [matMenuTriggerFor]="menu"
      (menuOpened)="isOpen.set(true)"
      (menuClosed)="isOpen.set(false)"
    >
      <app-icon matButtonIcon name="filter" /><span>{{ t().lists.filter }}</span>
    </button>
    <mat-menu #menu>
      @for (preset of presets(); track preset.label) {
        <button
          mat-menu-item
          type="button"
          [role]="isExclusive(preset) ? 'menuitemradio' : 'menuitemcheckbox'"
          [attr.aria-checked]="isOn(preset)"
          (click)="toggle(preset)"
        >
          <span class="preset"
            >{{ preset.label }} <span class="quiet">{{ counts.value()?.[$index] }}</span></span
          >
        </button>
      }
      @for (filter of filters(); track filter.name) {
        <button
          mat-menu-item
          type="button"
          [class.apart]="$first && presets().length > 0"
          (click)="chosen.emit(filter.name)"
        >
          {{ t().lists.filterBy(filter.label) }}
        </button>
      }
    </mat-menu>
  `,
  styles: `
    .preset {
      display: flex;
      justify-content: space-between;
      gap: var(--space-6);
    }
    .apart {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    .quiet {
      min-width: 3ch;
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class FilterMenu {
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);

  /** Path of the list in the API, to count its rows; `null` if it has no totals. */
  readonly path = input.required<string | null>();
  readonly state = input.required<ListState>();
  readonly presets = input.required<readonly ListPreset[]>();
  readonly filters = input.required<readonly ListFilter[]>();
  /** Emits the name of a filter whose value is to be chosen. */
  readonly chosen = output<string>();

  protected readonly t = this.language.texts;
  protected readonly isOpen = signal(false);
  /** Number of rows with each preset and the filters that are set. */
  protected readonly counts = loaded(
    () => {
      const path = this.path();
      return path !== null && this.isOpen() && this.presets().length > 0
        ? { path, query: this.state().query() }
        : null;
    },
    ({ path, query }) =>
      forkJoin(
        this.presets().map((preset) => {
          const filters = { ...query.filters, ...preset.filters };
          const params = listParameters({ ...query, filters, page: 1, size: 1 });
          return this.http
            .get<PageDto<unknown>>(path, { params })
            .pipe(map(({ total }) => total.toLocaleString(this.language.tag())));
        }),
      ),
  );

  protected isOn({ filters }: ListPreset): boolean {
    const values = this.state().query().filters;
    return Object.entries(filters).every(([name, value]) => (values[name] ?? null) === value);
  }

  /** Whether the preset replaces another one, because both set the same filter. */
  protected isExclusive(preset: ListPreset): boolean {
    return this.presets().some(
      ({ filters }) =>
        filters !== preset.filters && Object.keys(filters).some((name) => name in preset.filters),
    );
  }

  protected toggle(preset: ListPreset): void {
    const off = Object.keys(preset.filters).map((name): [string, null] => [name, null]);
    this.state().filter(this.isOn(preset) ? Object.fromEntries(off) : preset.filters);
  }
}
