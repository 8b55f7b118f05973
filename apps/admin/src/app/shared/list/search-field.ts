import {
  ChangeDetectionStrategy,
  Component,
  computed,
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
import { Router } from '@angular/router';
import { TOKEN_STATES } from '@latchkey/auth-models';
import { debounceTime, filter, map } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Icon } from '../icon';
import { pastedSecret } from './pasted-secret';

const DEBOUNCE = 250;

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
  private readonly router = inject(Router);

  readonly label = input.required<string>();
  /** What is searched for at present. */
  readonly text = input.required<string | null>();
  readonly textChange = output<string | null>();

  protected readonly t = injectTexts();
  protected readonly control = inject(NonNullableFormBuilder).control('');
  protected readonly typed = toSignal(this.control.valueChanges, { initialValue: '' });
  /** A token that was pasted. It stays out of the URL, where histories and logs would keep it. */
  protected readonly secret = computed(() => pastedSecret(this.typed()));
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
        filter((text) => pastedSecret(text) === null && text !== (this.text() ?? '')),
        takeUntilDestroyed(),
      )
      .subscribe((text) => this.textChange.emit(text || null));
  }

  /** Looks for the token among all there are, ended ones too: whoever has found one wants to know what became of it. */
  protected findToken(lastFour: string): void {
    this.control.setValue('');
    const queryParams = { q: lastFour, state: TOKEN_STATES.join(',') };
    void this.router.navigate(['/tokens'], { queryParams });
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
