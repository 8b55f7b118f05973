import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { DailyLoginsDto } from '@latchkey/auth-models';
import { injectTexts, Language } from '../core/language';

/** Drawing size, scaled to the page. */
const WIDTH = 900;
const HEIGHT = 160;
const GAP = 6;

interface Bar {
  readonly date: string;
  readonly day: string;
  readonly successes: number;
  readonly failures: number;
  readonly x: number;
  readonly successHeight: number;
  readonly failureHeight: number;
  readonly title: string;
}

/** Successful and failed sign-ins per day, as a chart or a table. */
@Component({
  selector: 'app-login-chart',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './login-chart.html',
  styleUrl: './login-chart.scss',
})
export class LoginChart {
  private readonly language = inject(Language);

  /** Days, oldest first; `undefined` while loading. */
  readonly days = input.required<readonly DailyLoginsDto[] | undefined>();

  protected readonly t = injectTexts();
  protected readonly isTable = signal(false);
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly barWidth = computed(() => WIDTH / Math.max(1, this.days()?.length ?? 1) - GAP);
  protected readonly highest = computed(() =>
    Math.max(1, ...(this.days() ?? []).map((day) => day.successes + failuresOf(day))),
  );
  protected readonly summary = computed(() => {
    const days = this.days() ?? [];
    const sum = (of: (day: DailyLoginsDto) => number) => days.reduce((total, day) => total + of(day), 0);
    return this.t().home.chart.summary(
      sum(({ successes }) => successes),
      sum(failuresOf),
    );
  });
  protected readonly bars = computed((): Bar[] => {
    const format = new Intl.DateTimeFormat(this.language.tag(), {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    });
    const { successes, failures } = this.t().home.chart;
    return (this.days() ?? []).map((day, index) => {
      const label = format.format(new Date(day.date));
      const failed = failuresOf(day);
      return {
        date: day.date,
        day: label,
        successes: day.successes,
        failures: failed,
        x: index * (this.barWidth() + GAP) + GAP / 2,
        successHeight: (day.successes / this.highest()) * HEIGHT,
        failureHeight: (failed / this.highest()) * HEIGHT,
        title: `${label}: ${successes} ${day.successes}, ${failures} ${failed}`,
      };
    });
  });
}

function failuresOf({ failures, unknownNameFailures }: DailyLoginsDto): number {
  return failures + unknownNameFailures;
}
