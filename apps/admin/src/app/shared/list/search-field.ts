import {
  ChangeDetectionStrategy,
  Component,
  effect,
  ElementRef,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { SEARCH_MAX_LENGTH } from '@latchkey/auth-models';
import { debounceTime, filter, map } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Icon } from '../icon';

const DEBOUNCE = 250;

/** Whether a text begins like a token. Such a text stays out of the URL, where histories and logs would keep it. */
function isSecret(text: string): boolean {
  return text.startsWith('lk_');
}

/** A search that waits until the typing pauses; `/` leads to it from anywhere on the page. */
@Component({
  selector: 'app-search-field',
  imports: [Icon, MatFormFieldModule, MatIconButton, MatInput, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'focusOnSlash($event)' },
  templateUrl: './search-field.html',
  styleUrl: './search-field.scss',
})
export class SearchField {
  readonly label = input.required<string>();
  /** What is searched for at present. */
  readonly text = input.required<string | null>();
  readonly textChange = output<string | null>();

  protected readonly t = injectTexts();
  protected readonly maxLength = SEARCH_MAX_LENGTH;
  protected readonly control = inject(NonNullableFormBuilder).control('');
  protected readonly typed = toSignal(this.control.valueChanges, { initialValue: '' });
  protected readonly holdsSecret = toSignal(this.control.valueChanges.pipe(map(isSecret)), {
    initialValue: false,
  });
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  constructor() {
    effect(() => {
      const text = this.text() ?? '';
      if (text !== this.control.value.trim()) {
        this.control.setValue(text, { emitEvent: false });
      }
    });
    this.control.valueChanges
      .pipe(
        debounceTime(DEBOUNCE),
        map((text) => text.trim()),
        filter((text) => !isSecret(text) && text !== (this.text() ?? '')),
        takeUntilDestroyed(),
      )
      .subscribe((text) => this.textChange.emit(text || null));
  }

  protected clear(): void {
    this.control.setValue('');
    this.field().nativeElement.focus();
  }

  protected focusOnSlash(event: KeyboardEvent): void {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, [role=dialog]') !== null;
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.field().nativeElement.focus();
    }
  }
}
