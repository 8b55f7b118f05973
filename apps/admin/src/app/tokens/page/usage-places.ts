import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { Language } from '../../core/language';
import { formatDay } from '../../shared/time/format-time';
import type { UsageOrigin } from './usage-days';

/** Table of the addresses and user agents that used a token. */
@Component({
  selector: 'app-usage-places',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { tabindex: '0', role: 'region', '[attr.aria-label]': 't().tokenPage.use.places' },
  template: `
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">{{ t().tokenPage.use.place.address }}</th>
          <th scope="col">{{ t().tokenPage.use.place.agent }}</th>
          <th scope="col">{{ t().tokenPage.use.place.last }}</th>
        </tr>
      </thead>
      <tbody>
        @for (place of places(); track $index) {
          <tr>
            <td>
              {{ place.address ?? t().tokenPage.use.unknown }}
              @if (place.reportedBy; as name) {
                <span class="second-line"
                  ><bdi>{{ t().tokenPage.use.reportedBy(name) }}</bdi></span
                >
              }
            </td>
            <td>
              <bdi>{{ place.agent ?? t().tokenPage.use.unknown }}</bdi>
            </td>
            <td>
              {{ dayName(place.date) }}
              @if (place.date === reportDay()) {
                <span class="second-line">{{ t().leakResponse.uses.report }}</span>
              }
            </td>
          </tr>
        }
      </tbody>
    </table>
  `,
  styles: `
    :host {
      display: block;
      overflow: auto;
      max-height: 320px;
      margin-top: var(--space-2);
    }
  `,
})
export class UsagePlaces {
  private readonly language = inject(Language);

  readonly places = input.required<readonly UsageOrigin[]>();
  /** Day of a leak report, which is marked. */
  readonly reportDay = input<string>();

  protected readonly t = this.language.texts;

  protected dayName(date: string): string {
    return formatDay(date, this.language.tag());
  }
}
