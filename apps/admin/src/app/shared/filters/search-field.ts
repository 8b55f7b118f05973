import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatIconButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { TOKEN_STATES } from '@latchkey/auth-models';
import { debounceTime, Subject } from 'rxjs';
import { injectTexts } from '../../core/language';
import { isShortcutBlocked } from '../keyboard';
import { Icon } from '../ui/icon';
import { pastedSecret } from './pasted-secret';

const DEBOUNCE = 250;

/** A search that waits until the typing pauses; `/` leads to it from anywhere on the page. */
@Component({
  selector: 'app-search-field',
  imports: [Icon, MatIconButton],
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
  protected readonly typed = signal('');
  /** A token that was pasted. It stays out of the URL, where histories and logs would keep it. */
  protected readonly secret = computed(() => pastedSecret(this.typed()));
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly typing = new Subject<void>();
  /** What was emitted and has not come back as `text` yet, the latest last. */
  private emitted: string[] = [];

  constructor() {
    effect(() => this.follow(this.text() ?? ''));
    this.typing.pipe(debounceTime(DEBOUNCE), takeUntilDestroyed()).subscribe(() => this.search());
  }

  protected type(text: string): void {
    this.typed.set(text);
    this.typing.next();
  }

  /** Looks for the token among all there are, ended ones too: whoever has found one wants to know what became of it. */
  protected findToken(lastFour: string): void {
    this.typed.set('');
    const queryParams = { q: lastFour, state: TOKEN_STATES.join(',') };
    void this.router.navigate(['/tokens'], { queryParams });
  }

  protected clear(): void {
    this.typed.set('');
    this.search();
    this.field().nativeElement.focus();
  }

  protected focusOnSlash(event: KeyboardEvent): void {
    if (event.key === '/' && !isShortcutBlocked(event)) {
      event.preventDefault();
      this.field().nativeElement.focus();
    }
  }

  private search(): void {
    const text = this.typed().trim();
    const known = this.emitted.at(-1) ?? this.text() ?? '';
    if (text !== known && pastedSecret(text) === null) {
      this.emitted.push(text);
      this.textChange.emit(text || null);
    }
  }

  /** Shows what others search for. What comes back from here is older than what may have been typed since. */
  private follow(text: string): void {
    const echo = this.emitted.indexOf(text);
    if (echo >= 0) {
      this.emitted.splice(0, echo + 1);
    } else {
      this.emitted = [];
      this.typed.set(text);
    }
  }
}
