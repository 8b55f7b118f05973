import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
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
}

/** Bar chart of one or two stacked series. */
@Component({
  selector: 'app-bar-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-tone]': 'tone()' },
  template: `
    <div class="plot">
      <span class="highest" aria-hidden="true">{{ highestLabel() }}</span>
      <svg role="img" preserveAspectRatio="none" [attr.aria-label]="label()" [attr.viewBox]="viewBox()">
        @for (bar of drawn(); track $index) {
          <g>
            <title>{{ bar.title }}</title>
            <rect class="slot" y="0" [attr.x]="bar.x" [attr.width]="slot" [attr.height]="height" />
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

      display: block;
      color: var(--mat-sys-on-surface-variant);
      font-size: 12px;
    }
    :host([data-tone='error']) {
      --second: var(--mat-sys-error);
    }
    .plot {
      position: relative;
      border-top: 1px dashed var(--mat-sys-outline-variant);
      border-bottom: 1px solid var(--mat-sys-outline);
    }
    .highest {
      position: absolute;
      top: 2px;
      line-height: 16px;
      font-variant-numeric: tabular-nums;
    }
    svg {
      display: block;
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
    g:hover .slot {
      fill: var(--mat-sys-surface-container-high);
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
  private readonly highest = computed(() => Math.max(1, ...this.bars().map(({ values: [a, b] }) => a + b)));
  protected readonly highestLabel = computed(() =>
    new Intl.NumberFormat(this.language.tag()).format(this.highest()),
  );
  protected readonly drawn = computed(() =>
    this.bars().map(({ values, title }, index) => {
      const [first, second] = values.map((value) => this.scaled(value)) as [number, number];
      return {
        title,
        x: index * SLOT,
        parts: [
          { y: HEIGHT - first, height: first },
          { y: HEIGHT - first - second, height: second },
        ],
      };
    }),
  );

  private scaled(value: number): number {
    // Leaves room for two minimum heights, so that stacked bars stay inside the plot.
    return value === 0 ? 0 : Math.max(MIN_BAR, (value / this.highest()) * (HEIGHT - 2 * MIN_BAR));
  }
}
