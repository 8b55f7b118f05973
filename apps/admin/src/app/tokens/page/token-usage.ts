import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import type { DailyTokenUsageDto, UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { loaded } from '../../shared/loaded';
import { Now } from '../../shared/time/now';
import { ErrorState } from '../../shared/ui/error-state';
import { TokensApi } from '../tokens-api';
import { usageDays, usageOrigins } from './usage-days';
import { UseChart } from './use-chart';

/** How often a token was used in the last 90 days, as a chart or a table, and from where. */
@Component({
  selector: 'app-token-usage',
  imports: [MatButtonToggleModule, ErrorState, UseChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-usage.html',
  styleUrl: './token-usage.scss',
})
export class TokenUsage {
  private readonly api = inject(TokensApi);
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  readonly token = input.required<UserTokenDto>();

  protected readonly t = this.language.texts;
  protected readonly view = signal<'chart' | 'table'>('chart');
  /** By itself, so that a change of the token does not ask again. */
  private readonly id = computed(() => this.token().id);
  protected readonly usage = loaded(
    () => this.id(),
    (id) => this.api.usage(id),
  );
  private readonly known = computed(() => this.usage.value()?.days ?? []);
  protected readonly days = computed(() => usageDays(this.known(), this.now()));
  protected readonly used = computed(() => [...this.known()].reverse());
  protected readonly places = computed(() => usageOrigins(this.known(), this.token()));
  protected readonly total = computed(() => this.known().reduce((sum, day) => sum + usesOf(day), 0));
  protected readonly summary = computed(() => {
    const most = this.known().reduce<DailyTokenUsageDto | undefined>(
      (best, day) => (best === undefined || usesOf(day) > usesOf(best) ? day : best),
      undefined,
    );
    return most === undefined
      ? ''
      : this.t().tokens.page.use.summary(
          this.total(),
          this.known().length,
          usesOf(most),
          this.dayName(most.date),
        );
  });

  protected dayName(date: string): string {
    const format = new Intl.DateTimeFormat(this.language.tag(), { dateStyle: 'medium', timeZone: 'UTC' });
    return format.format(new Date(date));
  }
}

function usesOf({ uses, supersededUses }: DailyTokenUsageDto): number {
  return uses + supersededUses;
}
