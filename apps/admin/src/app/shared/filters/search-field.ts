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
import { TOKEN_STATES } from '@latchkey/auth-models/lists';
import { debounceTime, Subject } from 'rxjs';
import { injectTexts } from '../../core/language';
import { isShortcutBlocked } from '../keyboard';
import { Icon } from '../ui/icon';
import { pastedSecret } from './pasted-secret';

const DEBOUNCE = 250;

/** Search field that waits for a pause in typing. The `/` key focuses it. */
@Component({
  selector: 'app-search-field',
  imports: [Icon, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'focusOnSlash($event)' },
  template: `
    <div class="field">
      <app-icon class="quiet" name="search" />
      <input
        #field
        type="search"
        autocomplete="off"
        spellcheck="false"
        aria-keyshortcuts="/"
        [attr.aria-label]="label()"
        [placeholder]="label()"
        [value]="typed()"
        (input)="type(field.value)"
      />
      @if (typed() !== '') {
        <button matIconButton type="button" [attr.aria-label]="t().lists.clearSearch" (click)="clear()">
          <app-icon name="close" />
        </button>
      } @else {
        <kbd class="quiet" aria-hidden="true">/</kbd>
      }
    </div>
    @if (secret(); as secret) {
      <p role="alert" class="second-line">
        {{ t().lists.searchHoldsSecret }}
        @if (secret.lastFour; as lastFour) {
          <button class="bare link-button" type="button" (click)="findToken(lastFour)">
            {{ t().lists.findToken(lastFour) }}
          </button>
        }
      </p>
    }
  `,
  styles: `
    .field {
      display: flex;
      align-items: center;
      height: 44px;
      padding: 0 0 0 var(--space-3);
      border: 1px solid var(--app-field-line);
      border-radius: var(--mat-sys-corner-medium);
      background: var(--app-card);
    }
    .field:hover {
      border-color: var(--mat-sys-on-surface);
    }
    .field:focus-within {
      border-color: var(--mat-sys-primary);
      box-shadow: 0 0 0 1px var(--mat-sys-primary);
    }
    input {
      appearance: none;
      flex: 1;
      min-width: 0;
      height: 100%;
      padding: 0 var(--space-2);
      border: 0;
      outline: 0;
      background: none;
      color: inherit;
      font: inherit;
      text-overflow: ellipsis;
    }
    input::placeholder {
      color: var(--mat-sys-on-surface-variant);
      opacity: 1;
    }
    kbd {
      margin-right: var(--space-3);
    }
    p {
      margin: var(--space-1) var(--space-3) 0;
    }
    /* Phones have no keyboard. */
    @media (hover: none), (width < 37.5em) {
      kbd {
        display: none;
      }
    }
  `,
})
export class SearchField {
  private readonly router = inject(Router);

  readonly label = input.required<string>();
  readonly text = input.required<string | null>();
  readonly textChange = output<string | null>();

  protected readonly t = injectTexts();
  protected readonly typed = signal('');
  /** A pasted token, which must stay out of the URL. */
  protected readonly secret = computed(() => pastedSecret(this.typed()));
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly typing = new Subject<void>();
  /** Emitted texts that have not come back as `text` yet, the latest last. */
  private emitted: string[] = [];

  constructor() {
    effect(() => this.follow(this.text() ?? ''));
    this.typing.pipe(debounceTime(DEBOUNCE), takeUntilDestroyed()).subscribe(() => this.search());
  }

  protected type(text: string): void {
    this.typed.set(text);
    this.typing.next();
  }

  /**
   * Searches all tokens, including expired and revoked ones, to show the state of a token that was found
   * somewhere.
   */
  protected findToken(lastFour: string): void {
    this.typed.set('');
    const queryParams = { kind: 'any', q: lastFour, state: TOKEN_STATES.join(',') };
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

  /** Shows a search set elsewhere. Ignores echoes of emitted texts, which are older than the input. */
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
