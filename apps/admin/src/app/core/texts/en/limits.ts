import { counting } from '../counting';

const count = counting('en');
const units: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day' };

/** Limits on the use of a token. */
export const limits = {
  heading: 'Usage limits',
  summary: 'Usage limits and metadata (optional)',
  none: 'None. The token works from every address, at any time and any number of times.',
  addresses: 'Allowed addresses',
  addressesHint: 'One address or network per line, such as 192.0.2.7 or 2001:db8::/32. Empty: all.',
  rate: 'Maximum rate',
  window: 'Unit',
  per: (seconds: number) => `per ${units[seconds] ?? count(seconds, 'second', 'seconds')}`,
  maxUses: 'Maximum number of uses',
  maxUsesHint: 'The token expires with the last use.',
  left: (uses: number) => `${uses.toLocaleString('en')} left`,
  notBefore: 'Not valid before',
  metadata: 'Metadata',
  metadataHint: 'A JSON object for the services that verify the token, such as {"tenant": "acme"}.',
  restrict: 'Restrict to used addresses',
  question: {
    heading: (total: number) => `Restrict to ${count(total, 'address', 'addresses')}?`,
    text: 'The token was used from these addresses in the last 30 days. If you restrict it, it is immediately rejected from all others, even if its client gets a new address.',
    many: (maximum: number) => `The server stores at most ${maximum} addresses, so some may be missing.`,
    action: 'Restrict',
  },
};
