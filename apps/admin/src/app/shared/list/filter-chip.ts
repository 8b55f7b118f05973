import { ChangeDetectionStrategy, Component, computed, input, output, viewChild } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatButton } from '@angular/material/button';
import { MatInput } from '@angular/material/input';
import { MatMenuModule, MatMenuTrigger } from '@angular/material/menu';
import { injectTexts } from '../../core/language';
import { Icon } from '../icon';
import type { ListFilter } from './list-filter';

/** A filter as a chip: it says what it is set to, opens its values, and is taken away by its cross. */
@Component({
  selector: 'app-filter-chip',
  imports: [Icon, MatButton, MatFormFieldModule, MatInput, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.on]': 'value() !== null' },
  templateUrl: './filter-chip.html',
  styleUrl: './filter-chip.scss',
})
export class FilterChip {
  private readonly trigger = viewChild.required(MatMenuTrigger);

  readonly filter = input.required<ListFilter>();
  /** What it is set to; `null` = off. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();

  protected readonly t = injectTexts();
  protected readonly valueLabel = computed(() => {
    const value = this.value();
    return this.filter().options?.find((option) => option.value === value)?.label ?? value;
  });

  protected apply(text: string): void {
    this.trigger().closeMenu();
    this.valueChange.emit(text.trim() || null);
  }
}
