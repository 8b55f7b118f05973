import { counting } from '../counting';

const count = counting('en');
const units: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day' };

/** Limits on the use of a token. */
export const limits = {
  heading: 'Limits on its use',
  summary: 'Limits on its use and metadata (optional)',
  change: 'Change',
  edit: 'Change limits and metadata',
  none: 'None. The token works from every address, at any time and as often as needed.',
  addresses: 'Allowed addresses',
  addressesHint: 'One address or network per line, such as 192.0.2.7 or 2001:db8::/32. Empty: all.',
  nowhere: 'none',
  rate: 'Maximum rate',
  window: 'Unit',
  per: (seconds: number) => `per ${units[seconds] ?? count(seconds, 'second', 'seconds')}`,
  maxUses: 'Maximum number of uses',
  maxUsesHint: 'The token expires with the last use.',
  left: (uses: number) => `${uses.toLocaleString('en')} left`,
  notBefore: 'Not valid before',
  metadata: 'Metadata',
  metadataHint: 'A JSON object for the services that verify the token, such as {"tenant": "acme"}.',
  saved: 'Token saved.',
  restrict: 'Restrict to used addresses',
  question: {
    heading: (total: number) => `Restrict to ${count(total, 'address', 'addresses')}?`,
    text: 'The token was used from there in the last 30 days. It is rejected from all others immediately, also if its client gets another address.',
    many: (maximum: number) => `The server stores ${maximum} addresses at most, so some may be missing.`,
    action: 'Restrict',
  },
};
