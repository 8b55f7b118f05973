import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { DailyTokenUsageDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';

const SLOT = 10;
const BAR = 7;
const HEIGHT = 120;
/** A day with one use is to be seen beside one with thousands. */
const LEAST = 3;

/** Uses per day as bars, those of the old secret on top of the others. */
@Component({
  selector: 'app-use-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './use-chart.html',
  styleUrl: './use-chart.scss',
})
export class UseChart {
  private readonly language = inject(Language);

  /** Every day there is a bar for, the oldest first. */
  readonly days = input.required<readonly DailyTokenUsageDto[]>();
  /** What the chart shows, in a sentence. */
  readonly label = input.required<string>();

  protected readonly t = this.language.texts;
  protected readonly slot = SLOT;
  protected readonly width = BAR;
  protected readonly height = HEIGHT;
  protected readonly viewBox = computed(() => `0 0 ${this.days().length * SLOT} ${HEIGHT}`);
  protected readonly hasSuperseded = computed(() => this.days().some((day) => day.supersededUses > 0));
  private readonly highest = computed(() =>
    Math.max(1, ...this.days().map(({ uses, supersededUses }) => uses + supersededUses)),
  );
  protected readonly most = computed(() => new Intl.NumberFormat(this.language.tag()).format(this.highest()));
  protected readonly bars = computed(() =>
    this.days().map(({ date, uses, supersededUses }, index) => {
      const current = this.tall(uses);
      const superseded = this.tall(supersededUses);
      return {
        date,
        x: index * SLOT,
        current,
        currentTop: HEIGHT - current,
        superseded,
        supersededTop: HEIGHT - current - superseded,
        title: this.t().tokens.page.use.bar(this.dayName(date), uses, supersededUses),
      };
    }),
  );
  protected readonly marks = computed(() => {
    const days = this.days();
    const dates = [0, 1, 2].map((third) => days[Math.floor((third * days.length) / 3)]?.date ?? '');
    return [...dates.map((date) => this.dayName(date)), this.t().tokens.page.use.today];
  });

  private tall(uses: number): number {
    // Below the top, so that what is stacked never leaves the plot.
    return uses === 0 ? 0 : Math.max(LEAST, (uses / this.highest()) * (HEIGHT - 2 * LEAST));
  }

  private dayName(date: string): string {
    const format = new Intl.DateTimeFormat(this.language.tag(), {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    });
    return date === '' ? '' : format.format(new Date(date));
  }
}
