import { TOKEN_KEPT_DAYS, type TokenUsageDayDto } from '@latchkey/auth-models';

const DAY_MILLISECONDS = 86_400_000;

/** Somewhere a token was used from, and when last. */
export interface UsePlace {
  readonly address: string | undefined;
  readonly agent: string | undefined;
  readonly date: string;
}

/** Each of the last 90 days up to today, those without use as well. */
export function useDays(days: readonly TokenUsageDayDto[], now: number): TokenUsageDayDto[] {
  const used = new Map(days.map((day) => [day.date, day]));
  return Array.from({ length: TOKEN_KEPT_DAYS }, (_, index) => {
    const time = now - (TOKEN_KEPT_DAYS - 1 - index) * DAY_MILLISECONDS;
    const date = new Date(time).toISOString().slice(0, 10);
    return used.get(date) ?? { date, uses: 0, supersededUses: 0 };
  });
}

/** Where a token was used from, the latest first; each address and agent once. */
export function usePlaces(days: readonly TokenUsageDayDto[]): UsePlace[] {
  const places = new Map<string, UsePlace>();
  for (const { date, lastUsageAddress: address, lastUsageAgent: agent } of [...days].reverse()) {
    const key = JSON.stringify([address, agent]);
    if (!places.has(key) && (address ?? agent) !== undefined) {
      places.set(key, { address, agent, date });
    }
  }
  return [...places.values()];
}
