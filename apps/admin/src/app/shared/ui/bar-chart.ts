import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Language } from '../../core/language';

const SLOT = 10;
const BAR = 7;
const HEIGHT = 120;
/** Lowest bar, so that a day with one event is visible beside a day with thousands. */
const MIN_BAR = 3;

/** One bar of a chart: its two values are stacked. */
export interface Bar {
  readonly values: readonly [number, number];
  /** Tooltip. */
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
    <div class="plot">
      <div class="lines" aria-hidden="true">
        @for (tick of scale().ticks; track tick) {
          <i></i>
        }
      </div>
      <svg role="img" preserveAspectRatio="none" [attr.aria-label]="label()" [attr.viewBox]="viewBox()">
        @for (bar of drawn(); track $index) {
          <g [matTooltip]="bar.title" matTooltipPosition="above">
            <rect
              class="slot"
              y="0"
              [class.marked]="bar.isMarked"
              [attr.x]="bar.x"
              [attr.width]="slot"
              [attr.height]="height"
            />
            @for (part of bar.parts; track $index) {
              <rect
                [class.second]="$index === 1"
                [attr.x]="bar.x"
                [attr.y]="part.y"
                [attr.width]="width"
                [attr.height]="part.height"
              />
            }
          </g>
        }
      </svg>
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
      gap: 0 8px;
      color: var(--mat-sys-on-surface-variant);
      font-size: 12px;
    }
    :host([data-tone='error']) {
      --second: var(--mat-sys-error);
    }
    /* From the highest value to zero. The text of each is centred on its line. */
    .ticks,
    .lines {
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      height: 128px;
      margin-top: 8px;
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
    svg {
      position: absolute;
      top: 8px;
      width: 100%;
      height: 128px;
    }
    rect {
      fill: var(--mat-sys-primary);
    }
    rect.second {
      fill: var(--second);
    }
    rect.slot {
      fill: transparent;
    }
    rect.marked {
      fill: color-mix(in srgb, var(--mat-sys-error) 24%, transparent);
    }
    g:hover .slot {
      fill: color-mix(in srgb, var(--mat-sys-on-surface) 8%, transparent);
    }
    .axis,
    .legend {
      grid-column: 2;
    }
    .axis {
      display: flex;
      justify-content: space-between;
      margin-top: 6px;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 20px;
      margin: 10px 0 0;
      font-size: 13px;
    }
    .legend span::before {
      display: inline-block;
      width: 10px;
      height: 10px;
      margin-right: 6px;
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
  /** Colour of the second series. */
  readonly tone = input<'caution' | 'error'>('caution');

  protected readonly slot = SLOT;
  protected readonly width = BAR;
  protected readonly height = HEIGHT;
  protected readonly viewBox = computed(() => `0 0 ${this.bars().length * SLOT} ${HEIGHT}`);
  protected readonly scale = computed(() =>
    scaleFor(Math.max(0, ...this.bars().map(({ values: [a, b] }) => a + b))),
  );
  protected readonly drawn = computed(() =>
    this.bars().map(({ values, title, isMarked }, index) => {
      const [first, second] = values.map((value) => this.scaled(value)) as [number, number];
      return {
        title,
        isMarked,
        x: index * SLOT,
        parts: [
          { y: HEIGHT - first, height: first },
          // Stacked bars with minimum heights stay inside the plot.
          { y: Math.max(0, HEIGHT - first - second), height: second },
        ],
      };
    }),
  );

  protected format(value: number): string {
    return new Intl.NumberFormat(this.language.tag()).format(value);
  }

  private scaled(value: number): number {
    return value === 0 ? 0 : Math.max(MIN_BAR, (value / this.scale().max) * HEIGHT);
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
