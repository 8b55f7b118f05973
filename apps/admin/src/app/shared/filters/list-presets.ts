import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ListState } from '../list/list-state';

export interface ListPreset {
  readonly name: string;
  readonly label: string;
  /** Filters to set. Those of other presets are removed. */
  readonly filters: Readonly<Record<string, string>>;
}

/** Returns the names of all filters that presets set. */
export function presetFilters(presets: readonly ListPreset[]): string[] {
  return [...new Set(presets.flatMap(({ filters }) => Object.keys(filters)))];
}

/** Returns the preset that matches the filters, if any. */
export function activePreset(
  presets: readonly ListPreset[],
  filters: Readonly<Record<string, string | null>>,
): ListPreset | undefined {
  const names = presetFilters(presets);
  return presets.find((preset) =>
    names.every((name) => (filters[name] ?? null) === (preset.filters[name] ?? null)),
  );
}

/** Buttons for presets. Each sets a few filters and keeps the others and the search. */
@Component({
  selector: 'app-list-presets',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'scroll-line', role: 'group', '[attr.aria-label]': 'label()' },
  template: `
    @for (preset of presets(); track preset.name) {
      <button class="bare" type="button" [attr.aria-pressed]="preset === active()" (click)="choose(preset)">
        {{ preset.label }}
      </button>
    }
  `,
  styles: `
    :host {
      gap: 4px;
      margin-bottom: 14px;
    }
    button {
      height: 34px;
      padding: 0 10px;
      border-radius: 10px;
      color: var(--mat-sys-on-surface-variant);
      font: 550 13px/20px var(--app-font);
      white-space: nowrap;
    }
    button:hover {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    button[aria-pressed='true'] {
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface);
    }
  `,
})
export class ListPresets {
  readonly presets = input.required<readonly ListPreset[]>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();

  protected readonly active = computed(() => activePreset(this.presets(), this.state().query().filters));

  protected choose({ filters }: ListPreset): void {
    const off = presetFilters(this.presets()).map((name): [string, null] => [name, null]);
    this.state().navigate({ ...Object.fromEntries(off), ...filters, page: 1 });
  }
}
