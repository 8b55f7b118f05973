import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ListState } from '../list/list-state';

/** A named combination of filters. */
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
  host: { role: 'group', '[attr.aria-label]': 'label()' },
  template: `
    @for (preset of presets(); track preset.name) {
      <button type="button" [attr.aria-pressed]="preset === active()" (click)="choose(preset)">
        {{ preset.label }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      margin: 0 0 16px -2px;
    }
    button {
      flex: none;
      height: 34px;
      padding: 0 10px;
      border: 0;
      border-radius: 10px;
      background: none;
      color: var(--mat-sys-on-surface-variant);
      font: 550 13px/20px var(--app-font);
      white-space: nowrap;
      cursor: pointer;
    }
    button:hover {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    button[aria-pressed='true'] {
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface);
    }
    /* One line that is pushed aside: rows are what a narrow screen has room for. */
    @media (max-width: 1099px) {
      :host {
        flex-wrap: nowrap;
        overflow-x: auto;
        margin: 0 -16px 12px;
        padding: 2px 16px;
        scrollbar-width: none;
        /* What is cut off fades out, so that one sees that there is more. */
        mask-image: linear-gradient(to right, transparent, #000 16px, #000 calc(100% - 32px), transparent);
      }
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
