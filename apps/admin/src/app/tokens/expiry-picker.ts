import { ChangeDetectionStrategy, Component, computed, inject, input, model } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Language } from '../core/language';
import { exactTime, localTime, relativeTime } from '../shared/time/format-time';
import { Now } from '../shared/time/now';
import { chosenExpiry, EXPIRY_DAYS, type ExpiryChoice } from './expiry-choice';
import { TokenLimits } from './token-limits';

let pickers = 0;

/** Asks when a token shall end, and says what the answer comes to. */
@Component({
  selector: 'app-expiry-picker',
  imports: [MatFormFieldModule, MatInput],
  providers: [TokenLimits],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './expiry-picker.html',
  styleUrl: './expiry-picker.scss',
})
export class ExpiryPicker {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;
  protected readonly limits = inject(TokenLimits);

  readonly label = input.required<string>();
  readonly choice = model.required<ExpiryChoice>();

  protected readonly t = this.language.texts;
  protected readonly group = `end-${(pickers += 1)}`;
  protected readonly offered = computed(() => {
    const most = (this.limits.maxSeconds() ?? Infinity) / 86_400;
    return EXPIRY_DAYS.filter((days) => days <= most);
  });
  protected readonly end = computed(() => chosenExpiry(this.choice(), this.now()));
  protected readonly ownText = computed(() => {
    const choice = this.choice();
    return choice.kind === 'own' ? choice.text : null;
  });
  protected readonly words = computed(() => {
    const { past, never, on, clipped } = this.t().tokens.newToken.end;
    const end = this.end();
    if (end === null) {
      return past;
    }
    if (end.instant === null) {
      return never;
    }
    const latest = this.now() + (this.limits.maxSeconds() ?? Infinity) * 1_000;
    if (Date.parse(end.instant) > latest + 60_000) {
      return clipped(this.exact(new Date(latest).toISOString()));
    }
    return on(
      this.exact(end.instant),
      relativeTime(Date.parse(end.instant), this.now(), this.language.tag(), this.t()),
    );
  });

  protected isDays(days: number): boolean {
    const choice = this.choice();
    return choice.kind === 'days' && choice.days === days;
  }

  /** Begins the own date with the one that was chosen before. */
  protected chooseOwn(): void {
    const instant = this.end()?.instant ?? chosenExpiry({ kind: 'days', days: 90 }, this.now())?.instant;
    this.choice.set({ kind: 'own', text: localTime(instant ?? '') });
  }

  private exact(instant: string): string {
    return exactTime(instant, this.language.tag()).long;
  }
}
