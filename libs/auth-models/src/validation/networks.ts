/** Network of IPv4 or IPv6 addresses. A single address is a network as well. */
export interface Network {
  /** Bytes of the first address: 4, or 16 for IPv6. */
  readonly bytes: readonly number[];
  /** Number of bits that all addresses share. */
  readonly prefix: number;
}

const IPV4 = /^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
/** First bytes of an IPv4 address in an IPv6 socket (RFC 4291, section 2.5.5.2). */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];
/** Characters of the longest network, with room for a misspelt prefix. */
const NETWORK_MAX_LENGTH = 64;

/**
 * Parses an address, or a network in CIDR notation (RFC 4632), without zones. IPv4-mapped IPv6 becomes IPv4,
 * as on a dual-stack socket. Bits after the prefix are cleared.
 *
 * @returns `null` for other texts.
 */
export function parseNetwork(text: string): Network | null {
  const [address = '', prefixText, ...rest] = text.length > NETWORK_MAX_LENGTH ? [] : text.split('/');
  const bytes = parseIpv4(address) ?? parseIpv6(address);
  if (!bytes || rest.length > 0 || !PREFIX.test(prefixText ?? '0')) {
    return null;
  }
  const prefix = prefixText === undefined ? bytes.length * 8 : Number(prefixText);
  if (prefix > bytes.length * 8) {
    return null;
  }
  if (bytes.length === 16 && MAPPED.every((byte, index) => bytes[index] === byte)) {
    return prefix < 96 ? null : withoutHostBits(bytes.slice(12), prefix - 96);
  }
  return withoutHostBits(bytes, prefix);
}

/** Returns the canonical text of a network (RFC 5952). A network of one address has no prefix. */
export function formatNetwork({ bytes, prefix }: Network): string {
  const address = bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes);
  return prefix === bytes.length * 8 ? address : `${address}/${prefix}`;
}

/** Whether all addresses of a network are in another one. */
export function isInNetwork({ bytes, prefix }: Network, outer: Network): boolean {
  return (
    bytes.length === outer.bytes.length &&
    prefix >= outer.prefix &&
    outer.bytes.every(
      (byte, index) =>
        byte === ((bytes[index] ?? 0) >> clearedBits(outer, index)) << clearedBits(outer, index),
    )
  );
}

function parseIpv4(text: string): number[] | null {
  const bytes = IPV4.test(text) ? text.split('.').map(Number) : [];
  return bytes.length === 4 && bytes.every((byte) => byte < 256) ? bytes : null;
}

function parseIpv6(text: string): number[] | null {
  const halves = text.split('::');
  const [left, right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!left || halves.length > 2) {
    return null;
  }
  const end = right.length > 0 || halves.length === 2 ? right : left;
  const ipv4 = parseIpv4(end.at(-1) ?? '');
  if (ipv4) {
    end.splice(-1, 1, hex(ipv4[0], ipv4[1]), hex(ipv4[2], ipv4[3]));
  }
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) {
    return null;
  }
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return groups.every((group) => GROUP.test(group))
    ? groups.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255])
    : null;
}

function hex(high = 0, low = 0): string {
  return ((high << 8) | low).toString(16);
}

/**
 * Returns the canonical text of IPv6: lower case, and the first longest run of at least two zero groups as
 * `::`.
 */
function formatIpv6(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => hex(bytes[2 * index], bytes[2 * index + 1]));
  const text = groups.join(':');
  const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].sort((one, other) => other[0].length - one[0].length);
  return longest
    ? `${text.slice(0, longest.index).replace(/:$/, '')}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
    : text;
}

function withoutHostBits(bytes: readonly number[], prefix: number): Network {
  const cleared = bytes.map((byte, index) => {
    const bits = clearedBits({ prefix }, index);
    return (byte >> bits) << bits;
  });
  return { bytes: cleared, prefix };
}

/** Returns the number of bits of a byte that are after the prefix. */
function clearedBits({ prefix }: Pick<Network, 'prefix'>, index: number): number {
  return Math.min(8, Math.max(0, 8 * (index + 1) - prefix));
}
