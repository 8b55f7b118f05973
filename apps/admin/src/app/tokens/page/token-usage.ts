import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import type { DailyTokenUsageDto, TokenUsageDto, UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import type { Loaded } from '../../shared/loaded';
import { formatDay } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { type Bar, BarChart } from '../../shared/ui/bar-chart';
import { LoadState } from '../../shared/ui/states';
import { usageDays, usageOrigins } from './usage-days';
import { UsagePlaces } from './usage-places';

/** Use of a token in the last 90 days, as a chart or a table, and the addresses it was used from. */
@Component({
  selector: 'app-token-usage',
  imports: [BarChart, LoadState, MatButtonToggleModule, UsagePlaces],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-usage.html',
  styles: `
    .row {
      --mat-button-toggle-height: 36px;
    }
    h3 {
      margin-top: var(--space-6);
    }
    p {
      margin-top: var(--space-1);
    }
    p:not(:last-child) {
      margin-bottom: var(--space-3);
    }
    .scroll {
      overflow: auto;
      max-height: 320px;
      margin-top: var(--space-2);
    }
  `,
})
export class TokenUsage {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  readonly token = input.required<UserTokenDto>();
  readonly usage = input.required<Loaded<TokenUsageDto>>();

  protected readonly t = this.language.texts;
  protected readonly view = signal<'chart' | 'table'>('chart');
  private readonly known = computed(() => this.usage().value()?.days ?? []);
  protected readonly used = computed(() => [...this.known()].reverse());
  protected readonly places = computed(() => usageOrigins(this.known(), this.token()));
  protected readonly total = computed(() => this.known().reduce((sum, day) => sum + usesOf(day), 0));
  private readonly days = computed(() => usageDays(this.known(), this.now()));
  protected readonly bars = computed((): Bar[] =>
    this.days().map(({ date, uses, supersededUses }) => ({
      values: [uses, supersededUses],
      title: this.t().tokenPage.use.bar(this.shortDay(date), uses, supersededUses),
    })),
  );
  protected readonly marks = computed(() => {
    const days = this.days();
    const dates = [0, 1, 2].map((third) => days[Math.floor((third * days.length) / 3)]?.date ?? '');
    return [...dates.map((date) => this.shortDay(date)), this.t().tokenPage.use.today];
  });
  protected readonly series = computed(() => {
    const { current, superseded } = this.t().tokenPage.use;
    return this.known().some(({ supersededUses }) => supersededUses > 0) ? [current, superseded] : [];
  });
  protected readonly summary = computed(() => {
    const [most] = [...this.known()].sort((one, other) => usesOf(other) - usesOf(one));
    return most === undefined
      ? ''
      : this.t().tokenPage.use.summary(
          this.total(),
          this.known().length,
          usesOf(most),
          this.dayName(most.date),
        );
  });

  protected dayName(date: string): string {
    return formatDay(date, this.language.tag());
  }

  private shortDay(date: string): string {
    return formatDay(date, this.language.tag(), 'short');
  }
}

function usesOf({ uses, supersededUses }: DailyTokenUsageDto): number {
  return uses + supersededUses;
}
