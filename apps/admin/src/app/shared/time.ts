import { ChangeDetectionStrategy, Component, computed, inject, input, LOCALE_ID } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Now } from './now';
import { relativeTime } from './relative-time';

/** An instant in relative words, with the exact one in its tooltip. */
@Component({
  selector: 'app-time',
  imports: [MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<time [attr.datetime]="instant()" [matTooltip]="exact()">{{ relative() }}</time>`,
  styles: `
    time {
      white-space: nowrap;
    }
  `,
})
export class Time {
  private readonly locale = inject(LOCALE_ID);
  private readonly now = inject(Now).value;

  /** The instant, RFC 3339. */
  readonly instant = input.required<string>();

  protected readonly relative = computed(() =>
    relativeTime(Date.parse(this.instant()), this.now(), this.locale),
  );
  protected readonly exact = computed(() =>
    new Intl.DateTimeFormat(this.locale, { dateStyle: 'full', timeStyle: 'long' }).format(
      new Date(this.instant()),
    ),
  );
}
