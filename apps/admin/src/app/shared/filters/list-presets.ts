import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ListState } from '../list/list-state';

/** Filters that go together, under one name. */
export interface ListPreset {
  readonly name: string;
  readonly label: string;
  /** What it sets; every filter that another preset sets is off. */
  readonly filters: Readonly<Record<string, string>>;
}

/** The names of the filters that presets set. */
export function presetFilters(presets: readonly ListPreset[]): string[] {
  return [...new Set(presets.flatMap(({ filters }) => Object.keys(filters)))];
}

/** The preset that a list's filters are set to, if to any. */
export function activePreset(
  presets: readonly ListPreset[],
  filters: Readonly<Record<string, string | null>>,
): ListPreset | undefined {
  const names = presetFilters(presets);
  return presets.find((preset) =>
    names.every((name) => (filters[name] ?? null) === (preset.filters[name] ?? null)),
  );
}

/** Views of a list that are had by one click: each sets a few filters, and leaves the others and the search alone. */
@Component({
  selector: 'app-list-presets',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'group', '[attr.aria-label]': 'label()' },
  template: `
    @for (preset of presets(); track preset.name) {
      <button type="button" [attr.aria-pressed]="preset === active()" (click)="choose(preset)">
        {{ preset.label }}
      </button>
    }
  `,
  styleUrl: './list-presets.scss',
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
