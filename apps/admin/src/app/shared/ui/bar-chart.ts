import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Language } from '../../core/language';

/** One bar of a chart: its two values are stacked. */
export interface Bar {
  readonly values: readonly [number, number];
  readonly title: string;
  /** Whether the slot of the bar is highlighted. */
  readonly isMarked?: boolean;
}

/** Bar chart of one or two stacked series. */
@Component({
  selector: 'app-bar-chart',
  imports: [MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-tone]': 'tone()' },
  template: `
    <div class="ticks" aria-hidden="true">
      @for (tick of scale().ticks; track tick) {
        <span>{{ format(tick) }}</span>
      }
    </div>
    <div class="plot" role="img" [attr.aria-label]="label()">
      <div class="lines">
        @for (tick of scale().ticks; track tick) {
          <i></i>
        }
      </div>
      <div class="bars">
        @for (bar of bars(); track $index) {
          <div class="bar" matTooltipPosition="above" [class.marked]="bar.isMarked" [matTooltip]="bar.title">
            @for (value of bar.values; track $index) {
              @if (value > 0) {
                <i [class.second]="$index === 1" [style.height.%]="(value / scale().max) * 100"></i>
              }
            }
          </div>
        }
      </div>
    </div>
    <div class="axis" aria-hidden="true">
      @for (mark of marks(); track $index) {
        <span>{{ mark }}</span>
      }
    </div>
    @if (series().length > 0) {
      <p class="legend" aria-hidden="true">
        @for (name of series(); track name) {
          <span [class.second]="$index === 1">{{ name }}</span>
        }
      </p>
    }
  `,
  styles: `
    :host {
      --second: light-dark(#c98a1b, #f0bf68);

      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 0 var(--space-2);
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.75rem;
    }
    :host([data-tone='error']) {
      --second: var(--mat-sys-error);
    }
    /* From the highest value to zero. The text of each is centered on its line. */
    .ticks,
    .lines {
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      height: 128px;
      margin-top: var(--space-2);
    }
    .ticks {
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
    .ticks span {
      line-height: 0;
    }
    .plot {
      position: relative;
    }
    .lines i {
      height: 0;
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    .lines i:last-child {
      border-color: var(--mat-sys-outline);
    }
    .bars {
      position: absolute;
      inset: 8px 0 0;
      display: flex;
      forced-color-adjust: none;
      print-color-adjust: exact;
    }
    .bar {
      display: flex;
      flex: 1;
      flex-direction: column-reverse;
      overflow: hidden;
    }
    .bar.marked {
      background: color-mix(in srgb, var(--mat-sys-error) 24%, transparent);
    }
    .bar:hover {
      background: color-mix(in srgb, var(--mat-sys-on-surface) 8%, transparent);
    }
    /* A day with one event is visible beside a day with thousands. */
    .bar i {
      width: 70%;
      min-height: 3px;
      background: var(--mat-sys-primary);
    }
    .bar .second {
      background: var(--second);
    }
    .axis,
    .legend {
      grid-column: 2;
    }
    .axis {
      display: flex;
      justify-content: space-between;
      margin-top: var(--space-2);
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1) var(--space-5);
      margin: var(--space-3) 0 0;
      font-size: 0.8125rem;
    }
    .legend span::before {
      display: inline-block;
      width: 10px;
      height: 10px;
      margin-right: var(--space-2);
      border-radius: 3px;
      background: var(--mat-sys-primary);
      content: '';
    }
    .legend .second::before {
      background: var(--second);
    }
  `,
})
export class BarChart {
  private readonly language = inject(Language);

  readonly bars = input.required<readonly Bar[]>();
  /** Summary for screen readers. */
  readonly label = input.required<string>();
  /** Labels below the chart, from left to right. */
  readonly marks = input.required<readonly string[]>();
  /** Names of the series for the legend; none hides it. */
  readonly series = input<readonly string[]>([]);
  /** Color of the second series. */
  readonly tone = input<'caution' | 'error'>('caution');

  protected readonly scale = computed(() =>
    scaleFor(Math.max(0, ...this.bars().map(({ values: [a, b] }) => a + b))),
  );

  protected format(value: number): string {
    return new Intl.NumberFormat(this.language.tag()).format(value);
  }
}

/** Returns an axis from zero to a round number, with two to four equal steps of whole numbers. */
export function scaleFor(highest: number): { readonly max: number; readonly ticks: readonly number[] } {
  const least = Math.max(1, highest / 4);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.ceil(([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power);
  const count = Math.max(2, Math.ceil(highest / step));
  return {
    max: count * step,
    ticks: Array.from({ length: count + 1 }, (_, index) => (count - index) * step),
  };
}
