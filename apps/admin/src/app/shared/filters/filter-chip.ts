import { OverlayModule } from '@angular/cdk/overlay';
import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { injectTexts, Language } from '../../core/language';
import { Icon } from '../ui/icon';
import { TypedFilter } from './typed-filter';

/** One value that a filter can have. */
export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/** A filter of a list, as a chip shows it. */
export interface ListFilter {
  /** The parameter that it sets. */
  readonly name: string;
  readonly label: string;
  /** What can be chosen; absent = any text, which is typed. */
  readonly options?: readonly FilterOption[];
  /** Whether what is typed is a date and time. */
  readonly isInstant?: boolean;
}

/**
 * A filter as a chip: it says what it is set to, opens a menu of its values or a small form for one, and is taken away by its
 * cross.
 */
@Component({
  selector: 'app-filter-chip',
  imports: [Icon, MatMenuModule, NgTemplateOutlet, OverlayModule, TypedFilter],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.on]': 'value() !== null' },
  templateUrl: './filter-chip.html',
  styleUrl: './filter-chip.scss',
})
export class FilterChip {
  private readonly language = inject(Language);

  readonly filter = input.required<ListFilter>();
  /** What it is set to; `null` = off. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();

  protected readonly t = injectTexts();
  /** Whether the form is open in which a value is typed. */
  protected readonly isOpen = signal(false);
  protected readonly label = computed(() => {
    const { filterOff, filterOn } = this.t().lists;
    const { label } = this.filter();
    return this.value() === null ? filterOff(label) : filterOn(label, this.valueLabel() ?? '');
  });
  protected readonly valueLabel = computed(() => {
    const value = this.value();
    if (value !== null && this.filter().isInstant) {
      return new Intl.DateTimeFormat(this.language.tag(), { dateStyle: 'medium', timeStyle: 'short' }).format(
        new Date(value),
      );
    }
    return this.filter().options?.find((option) => option.value === value)?.label ?? value;
  });
}
