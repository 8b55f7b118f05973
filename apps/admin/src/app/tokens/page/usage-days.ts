import type {
  AddressUseDto,
  DailyTokenUsageDto,
  SupersededSecretDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import { TOKEN_RETENTION_DAYS } from '@latchkey/auth-models/lists';

const DAY_MILLISECONDS = 86_400_000;

/** An address and user agent that used a token, with the day of the last use. */
export interface UsageOrigin {
  readonly address: string | undefined;
  readonly agent: string | undefined;
  /** Service that reported the use; absent if the server saw it. */
  readonly reportedBy?: string;
  readonly date: string;
}

/** Returns each of the last 90 days up to today, including days without use. */
export function usageDays(days: readonly DailyTokenUsageDto[], now: number): DailyTokenUsageDto[] {
  const used = new Map(days.map((day) => [day.date, day]));
  return Array.from({ length: TOKEN_RETENTION_DAYS }, (_, index) => {
    const time = now - (TOKEN_RETENTION_DAYS - 1 - index) * DAY_MILLISECONDS;
    const date = new Date(time).toISOString().slice(0, 10);
    return used.get(date) ?? { date, uses: 0, supersededUses: 0 };
  });
}

/**
 * Returns the addresses and user agents that used a token, the latest first and each pair once per reporter.
 * A day has only its last use; the token has the last use of each of its two secrets.
 */
export function usageOrigins(
  days: readonly DailyTokenUsageDto[],
  token: Pick<UserTokenDto, keyof LastUse | 'superseded'>,
): UsageOrigin[] {
  const uses = [
    token,
    token.superseded ?? {},
    ...days.map(({ date, ...use }) => ({ ...use, lastUsageTime: date })),
  ];
  const places = new Map<string, UsageOrigin>();
  for (const use of uses.sort(latestFirst)) {
    const { lastUsageTime, lastUsageAddress: address, lastUsageAgent: agent, lastUsageReportedBy } = use;
    const key = JSON.stringify([address, agent, lastUsageReportedBy]);
    if (!places.has(key) && lastUsageTime !== undefined && (address ?? agent) !== undefined) {
      places.set(key, {
        address,
        agent,
        date: dayOf(lastUsageTime),
        ...(lastUsageReportedBy !== undefined && { reportedBy: lastUsageReportedBy }),
      });
    }
  }
  return [...places.values()];
}

/**
 * Returns the services, in quotes, that reported an address, for each address that the server itself has not
 * seen.
 */
export function reportersOf(addresses: readonly AddressUseDto[]): ReadonlyMap<string, string> {
  const seen = new Set(
    addresses.filter(({ reportedBy }) => reportedBy === undefined).map(({ address }) => address),
  );
  const reporters = new Map<string, string>();
  for (const { address, reportedBy } of addresses) {
    if (reportedBy !== undefined && !seen.has(address)) {
      const others = reporters.get(address);
      // A verifier chooses its name, which could otherwise look like several.
      const quoted = JSON.stringify(reportedBy);
      reporters.set(address, others === undefined ? quoted : `${others}, ${quoted}`);
    }
  }
  return reporters;
}

type LastUse = Pick<
  SupersededSecretDto,
  'lastUsageTime' | 'lastUsageAddress' | 'lastUsageAgent' | 'lastUsageReportedBy'
>;

function latestFirst({ lastUsageTime: one = '' }: LastUse, { lastUsageTime: other = '' }: LastUse): number {
  return one < other ? 1 : one > other ? -1 : 0;
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
