import { OverlayModule } from '@angular/cdk/overlay';
import { NgTemplateOutlet } from '@angular/common';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatMenuModule, MatMenuTrigger } from '@angular/material/menu';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import { TypedFilter } from './typed-filter';

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

export interface ListFilter {
  /** Name of the parameter. */
  readonly name: string;
  readonly label: string;
  /** Values to choose from; absent = free text. */
  readonly options?: readonly FilterOption[];
  /** Text for the current value, if it is not the label of an option. */
  readonly valueLabel?: string;
  /** Maximum number of values, if several can be chosen. Commas separate them in the parameter. */
  readonly valuesMax?: number;
  /** Value and setter of a filter that stands for several parameters. */
  readonly custom?: { readonly value: string | null; set(value: string | null): void | Promise<void> };
}

/**
 * Chip that shows the value of a filter, opens a menu or form to change it, and has a button to remove it.
 */
@Component({
  selector: 'app-filter-chip',
  imports: [Icon, MatMenuModule, NgTemplateOutlet, OverlayModule, TypedFilter],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.on]': 'value() !== null' },
  templateUrl: './filter-chip.html',
  styles: `
    :host {
      display: inline-flex;
      max-width: 100%;
      height: 2.25rem;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: var(--mat-sys-corner-medium);
      background: var(--app-card);
      color: var(--mat-sys-on-surface-variant);

      --app-icon-size: 16px;
    }
    :host(.on) {
      border-color: transparent;
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
    }
    .bare {
      display: flex;
      align-items: center;
      gap: var(--space-1);
      min-width: 0;
      padding: 0 var(--space-2);
      border-radius: var(--mat-sys-corner-medium);
      font: 500 0.8125rem/1.25rem var(--app-font);
      white-space: nowrap;
    }
    .bare:hover {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    .chip {
      padding-left: var(--space-3);
    }
    .full {
      padding: var(--space-2) var(--space-3);
      color: var(--mat-sys-on-surface-variant);
    }
    .value {
      max-width: 11.25rem;
      font-weight: 650;
    }
  `,
})
export class FilterChip {
  readonly filter = input.required<ListFilter>();
  /** Current value; `null` = not set. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();
  /** Whether to open the menu or form at once. */
  readonly opensAtOnce = input(false);
  /** Emits when the menu or form has closed without a value, and when the value is removed. */
  readonly dismissed = output();

  protected readonly t = injectTexts();
  /** Whether the form for free text is open. */
  protected readonly isOpen = signal(false);
  private readonly menu = viewChild(MatMenuTrigger);
  private hasChosen = false;
  protected readonly chosen = computed(() => {
    const value = this.value();
    return value === null ? [] : this.filter().valuesMax ? value.split(',') : [value];
  });
  /** Maximum number of values, once it is reached; otherwise `null`. */
  protected readonly reachedMax = computed(() => {
    const { valuesMax = Infinity } = this.filter();
    return this.chosen().length >= valuesMax ? valuesMax : null;
  });
  protected readonly label = computed(() => {
    const { filterOff, filterOn } = this.t().lists;
    const { label } = this.filter();
    return this.value() === null ? filterOff(label) : filterOn(label, this.valueLabel() ?? '');
  });
  protected readonly valueLabel = computed(() => {
    const { valueLabel, options } = this.filter();
    const labels = this.chosen().map(
      (value) => options?.find((option) => option.value === value)?.label ?? value,
    );
    return valueLabel ?? labels.join(', ');
  });

  constructor() {
    afterNextRender(() => {
      if (this.opensAtOnce()) {
        this.menu()?.openMenu();
        this.isOpen.set(true);
      }
    });
  }

  /** Chooses a value. If there can be several, it adds or removes the value, and the menu stays open. */
  protected choose(value: string | null, event?: Event): void {
    const chosen = this.chosen();
    if (value !== null && this.filter().valuesMax) {
      event?.stopPropagation();
      const others = chosen.filter((other) => other !== value);
      value = (others.length < chosen.length ? others : [...chosen, value]).join() || null;
    }
    this.hasChosen = value !== null;
    this.isOpen.set(false);
    this.valueChange.emit(value);
  }

  protected close(): void {
    this.isOpen.set(false);
    if (!this.hasChosen) {
      this.dismissed.emit();
    }
  }
}
