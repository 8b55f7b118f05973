import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  model,
} from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Language } from '../core/language';
import { ServerPolicy } from '../shared/server-policy';
import { exactTime, localTime, relativeTime } from '../shared/time/format-time';
import { Now } from '../shared/time/now';

const DAY_MILLISECONDS = 86_400_000;
const DAY_SECONDS = 86_400;

/** Lifetimes to choose from, in days. */
const EXPIRY_DAYS = [1, 7, 30, 90, 365] as const;

/** Choice of an expiry in a form. */
export type ExpiryChoice =
  | { readonly kind: 'days'; readonly days: number }
  /** A local date and time, as the value of a `datetime-local` field. */
  | { readonly kind: 'custom'; readonly text: string }
  | { readonly kind: 'none' };

/** Expiry of a new token. */
export const DEFAULT_EXPIRY = { kind: 'days', days: 90 } as const satisfies ExpiryChoice;

/** Returns the choice of a lifetime in seconds. */
export function choiceOf(lifetime: number): ExpiryChoice {
  return { kind: 'days', days: lifetime / DAY_SECONDS };
}

/** Returns the chosen lifetime in seconds, by default that of a new token. */
export function lifetimeOf(choice: ExpiryChoice): number {
  return Math.round((choice.kind === 'days' ? choice.days : DEFAULT_EXPIRY.days) * DAY_SECONDS);
}

/** An expiry that was chosen. */
export interface ChosenExpiry {
  /** RFC 3339; `null` = none. */
  readonly instant: string | null;
}

/** Returns the expiry that a choice stands for now, or `null` if it is not in the future. */
export function chosenExpiry(choice: ExpiryChoice, now: number): ChosenExpiry | null {
  if (choice.kind === 'none') {
    return { instant: null };
  }
  const time = choice.kind === 'days' ? now + choice.days * DAY_MILLISECONDS : Date.parse(choice.text);
  return time > now ? { instant: new Date(time).toISOString() } : null;
}

let pickers = 0;

/** Radio buttons for the expiry of a token, with the resulting date below. */
@Component({
  selector: 'app-expiry-picker',
  imports: [MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ label() }}</legend>
      <div class="row">
        @for (option of options(); track option.value) {
          <label>
            <input
              type="radio"
              [name]="group"
              [checked]="option.value === selected()"
              (change)="select(option.value)"
            />
            <span>{{ option.label }}</span>
          </label>
        }
      </div>
      @if (customText(); as text) {
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().newToken.expiry.customLabel }}</mat-label>
          <input
            #field
            matInput
            type="datetime-local"
            [value]="text.value"
            (input)="choice.set({ kind: 'custom', text: field.value })"
          />
        </mat-form-field>
      }
      @if (!onlyDays()) {
        <p class="second-line" aria-live="polite" [class.wrong]="expiry() === null">{{ hint() }}</p>
      }
    </fieldset>
  `,
  styles: `
    label {
      position: relative;
    }
    input[type='radio'] {
      position: absolute;
      inset: 0;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }
    span {
      display: block;
      padding: var(--space-2) var(--space-3);
      border: 1px solid var(--app-field-line);
      border-radius: var(--mat-sys-corner-medium);
      font: 500 0.875rem/1.25rem var(--app-font);
    }
    input:checked + span {
      border-color: var(--mat-sys-primary);
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
    }
    label:hover span {
      border-color: var(--mat-sys-outline);
    }
    input:focus-visible + span {
      outline: 2px solid var(--mat-sys-primary);
      outline-offset: 2px;
    }
    mat-form-field {
      max-width: 280px;
      margin-top: var(--space-3);
    }
    p {
      min-height: 20px;
      margin-top: var(--space-3);
    }
    .wrong {
      color: var(--mat-sys-error);
    }
  `,
})
export class ExpiryPicker {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;
  private readonly policy = inject(ServerPolicy).current.value;
  private readonly maxMilliseconds = computed(
    () => (this.policy()?.apiTokens.maxSeconds ?? Infinity) * 1_000,
  );

  readonly label = input.required<string>();
  readonly choice = model.required<ExpiryChoice>();
  /** Whether to offer lifetimes only, and no dates. */
  readonly onlyDays = input(false, { transform: booleanAttribute });

  protected readonly t = this.language.texts;
  protected readonly group = `expiry-${(pickers += 1)}`;
  protected readonly options = computed(() => {
    const { days: inDays, custom, none } = this.t().newToken.expiry;
    const offered = EXPIRY_DAYS.filter((days) => days * DAY_MILLISECONDS <= this.maxMilliseconds());
    return [
      ...offered.map((days) => ({ value: String(days), label: inDays(days) })),
      ...(this.onlyDays() ? [] : [{ value: 'custom', label: custom }]),
      ...(this.onlyDays() || this.policy()?.apiTokens.noExpiry === false
        ? []
        : [{ value: 'none', label: none }]),
    ];
  });
  protected readonly selected = computed(() => {
    const choice = this.choice();
    return choice.kind === 'days' ? String(choice.days) : choice.kind;
  });
  protected readonly customText = computed(() => {
    const choice = this.choice();
    return choice.kind === 'custom' ? { value: choice.text } : null;
  });
  protected readonly expiry = computed(() => chosenExpiry(this.choice(), this.now()));
  protected readonly hint = computed(() => {
    const { past, never, on, clipped } = this.t().newToken.expiry;
    const expiry = this.expiry();
    if (expiry === null) {
      return past;
    }
    if (expiry.instant === null) {
      return never;
    }
    const time = Date.parse(expiry.instant);
    const latest = this.now() + this.maxMilliseconds();
    return time > latest + 60_000
      ? clipped(this.exact(new Date(latest).toISOString()))
      : on(this.exact(expiry.instant), relativeTime(time, this.now(), this.language.tag(), this.t()));
  });

  protected select(value: string): void {
    if (value === 'none') {
      this.choice.set({ kind: 'none' });
    } else if (value === 'custom') {
      const start = this.expiry()?.instant ?? chosenExpiry(DEFAULT_EXPIRY, this.now())?.instant ?? '';
      this.choice.set({ kind: 'custom', text: localTime(start) });
    } else {
      this.choice.set({ kind: 'days', days: Number(value) });
    }
  }

  private exact(instant: string): string {
    return exactTime(instant, this.language.tag(), 'long');
  }
}
