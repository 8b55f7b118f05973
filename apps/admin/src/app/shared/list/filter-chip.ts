import { A11yModule } from '@angular/cdk/a11y';
import { OverlayModule } from '@angular/cdk/overlay';
import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatButton } from '@angular/material/button';
import { MatInput } from '@angular/material/input';
import { MatMenuModule } from '@angular/material/menu';
import { injectTexts, Language } from '../../core/language';
import { Icon } from '../icon';
import type { ListFilter } from './list-filter';

/**
 * A filter as a chip: it says what it is set to, opens a menu of its values or a small form for one, and is taken away by its
 * cross.
 */
@Component({
  selector: 'app-filter-chip',
  imports: [
    A11yModule,
    Icon,
    MatButton,
    MatFormFieldModule,
    MatInput,
    MatMenuModule,
    NgTemplateOutlet,
    OverlayModule,
  ],
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

  /** The value as the field for it is filled with; of an instant, the local time in it. */
  protected readonly typed = computed(() => {
    const value = this.value() ?? '';
    return this.filter().isInstant && value !== '' ? localTime(new Date(value)) : value;
  });

  protected apply(text: string): void {
    this.isOpen.set(false);
    const value = text.trim();
    const isInstant = this.filter().isInstant && value !== '';
    this.valueChange.emit((isInstant ? new Date(value).toISOString() : value) || null);
  }
}

/** A time as a field of the type `datetime-local` has it. */
function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
