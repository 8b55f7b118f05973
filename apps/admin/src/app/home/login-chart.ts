import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { DailyLoginsDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { formatDay } from '../shared/time/format-time';
import { type Bar, BarChart } from '../shared/ui/bar-chart';

/** Successful and failed sign-ins per day, as a chart or a table. */
@Component({
  selector: 'app-login-chart',
  imports: [BarChart, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card" aria-labelledby="login-chart">
      <header class="row between">
        <h2 id="login-chart" class="card-title">{{ t().home.chart.heading }}</h2>
        <button matButton type="button" [attr.aria-pressed]="isTable()" (click)="isTable.set(!isTable())">
          {{ isTable() ? t().home.chart.asChart : t().home.chart.asTable }}
        </button>
      </header>
      @if (isTable()) {
        <div class="table" tabindex="0" role="region" [attr.aria-label]="t().home.chart.heading">
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">{{ t().home.chart.day }}</th>
                <th scope="col" class="number">{{ t().home.chart.successes }}</th>
                <th scope="col" class="number">{{ t().home.chart.failures }}</th>
              </tr>
            </thead>
            <tbody>
              @for (day of tableRows(); track day.name) {
                <tr>
                  <th scope="row">{{ day.name }}</th>
                  <td class="number">{{ day.successes }}</td>
                  <td class="number">{{ day.failures }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <app-bar-chart
          tone="error"
          [bars]="bars()"
          [label]="summary()"
          [marks]="marks()"
          [series]="[t().home.chart.successes, t().home.chart.failures]"
        />
      }
    </section>
  `,
  styles: `
    header {
      margin: calc(-1 * var(--space-2)) 0 var(--space-3);
    }
    button {
      margin-inline: calc(-1 * var(--space-3));
    }
    .table {
      height: 194px;
      overflow: auto;
    }
  `,
})
export class LoginChart {
  private readonly language = inject(Language);

  /** The days, oldest first; absent while they load. */
  readonly days = input.required<readonly DailyLoginsDto[] | undefined>();

  protected readonly t = this.language.texts;
  protected readonly isTable = signal(false);
  protected readonly rows = computed(() =>
    (this.days() ?? []).map(({ date, successes, failures, unknownNameFailures }) => ({
      name: formatDay(date, this.language.tag(), 'short'),
      successes,
      failures: failures + unknownNameFailures,
    })),
  );
  /** The days with sign-ins, newest first. */
  protected readonly tableRows = computed(() =>
    this.rows()
      .filter(({ successes, failures }) => successes + failures > 0)
      .reverse(),
  );
  protected readonly bars = computed((): Bar[] => {
    const texts = this.t().home.chart;
    return this.rows().map(({ name, successes, failures }) => ({
      values: [successes, failures],
      title: `${name}: ${texts.successes} ${successes}, ${texts.failures} ${failures}`,
    }));
  });
  protected readonly marks = computed(() => [this.rows()[0]?.name ?? '', this.rows().at(-1)?.name ?? '']);
  protected readonly summary = computed(() => {
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return this.t().home.chart.summary(
      sum(this.rows().map(({ successes }) => successes)),
      sum(this.rows().map(({ failures }) => failures)),
    );
  });
}
