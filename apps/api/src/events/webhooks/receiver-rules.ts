import { networkInterfaces } from 'node:os';
import { isInNetwork, parseNetwork, type Network } from '@latchkey/auth-models';
import { type Config, WILDCARDS } from '../../platform/config/config.js';

/** Settings that decide which receivers the server may call. */
export type ReceiverSettings = Pick<Config, 'publicUrl' | 'host' | 'port' | 'eventHosts'>;

/** IPv4 networks that are not public (IANA IPv4 Special-Purpose Address Registry), and multicast. */
const NOT_PUBLIC_IPV4 = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);

/**
 * The only public IPv6 network. Addresses that embed an IPv4 address, such as NAT64 (RFC 6052), are outside.
 */
const PUBLIC_IPV6 = networks('2000::/3');

/**
 * Networks within it that are not public: protocol assignments with Teredo, documentation and 6to4, whose
 * addresses embed an IPv4 address.
 */
const NOT_PUBLIC_IPV6 = networks('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20');

const LOOPBACK = networks('127.0.0.0/8', '::1');
/** Connections to these addresses reach this machine, at least on Linux. */
const THIS_MACHINE = networks('0.0.0.0/8', '::', '127.0.0.0/8', '::1');
const LOCALHOST = /^(?:.+\.)?localhost$/;
/** Spaces and control characters, which URLs drop, and the backslash, which they read as a slash. */
const NOT_IN_URLS = /[\0-\x20\x7f\\]/;

/** Returns the problem with the URL of a webhook for a 422 response, or `undefined` if there is none. */
export function webhookUrlProblem(text: string, settings: ReceiverSettings): string | undefined {
  const url = URL.canParse(text) && !NOT_IN_URLS.test(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return 'url must be an https:// URL';
  }
  if (url.username !== '' || url.password !== '') {
    return 'url must not contain credentials; webhooks are signed instead';
  }
  if (text.includes('#')) {
    return 'url must not have a fragment';
  }
  if (hostOf(url) === hostOf(new URL(settings.publicUrl))) {
    return 'url must not be an address of Latchkey itself';
  }
  const addresses = fixedAddresses(url);
  if (url.protocol === 'http:' && !addresses?.every(isLoopback)) {
    return 'url must start with https://, except for a receiver on this machine, such as http://127.0.0.1:8080';
  }
  return addresses?.map((address) => addressProblem(url, address, settings)).find(Boolean);
}

/**
 * Returns the reason why the server must not connect to an address for a URL, or `undefined` if it may. The
 * text does not contain the address.
 */
export function addressProblem(url: URL, address: string, settings: ReceiverSettings): string | undefined {
  if (url.protocol === 'http:' && !isLoopback(address)) {
    return 'http:// is only for receivers on this machine; use https://';
  }
  // Link-local addresses of the system's resolver have a zone.
  const [text = ''] = address.split('%');
  const network = parseNetwork(text);
  if (!network) {
    return `${address} is not an address`;
  }
  if (Number(portOf(url)) === settings.port && isOwn(network, settings.host)) {
    return 'url must not be an address of Latchkey itself';
  }
  const name = hostNameOf(url);
  return isPublic(network) || isListedName(name, settings) || isListedAddress(network, settings)
    ? undefined
    : `${name} is not public; add it to LATCHKEY_EVENT_HOSTS to allow it`;
}

/** Whether the operator listed this name, so that all its addresses are allowed. */
export function isListedName(name: string, { eventHosts }: Pick<ReceiverSettings, 'eventHosts'>): boolean {
  return eventHosts.some((host) => host.toLowerCase() === name);
}

/** Returns the addresses of a URL that needs no DNS; `undefined` for other names. */
export function fixedAddresses(url: URL): string[] | undefined {
  const name = hostNameOf(url);
  if (LOCALHOST.test(name)) {
    // Names under localhost never need a server (RFC 6761, section 6.3).
    return ['127.0.0.1', '::1'];
  }
  return parseNetwork(name) ? [name] : undefined;
}

/**
 * Returns the host of a URL without brackets and final dot. URLs have already converted decimal, octal and
 * hexadecimal addresses.
 */
export function hostNameOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function hostOf(url: URL): string {
  return `${hostNameOf(url)}:${portOf(url)}`;
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'http:' ? '80' : '443');
}

function isPublic(network: Network): boolean {
  return network.bytes.length === 4
    ? !isInAny(network, NOT_PUBLIC_IPV4)
    : isInAny(network, PUBLIC_IPV6) && !isInAny(network, NOT_PUBLIC_IPV6);
}

function isListedAddress(network: Network, { eventHosts }: ReceiverSettings): boolean {
  return isInAny(network, networks(...eventHosts));
}

function isLoopback(address: string): boolean {
  const network = parseNetwork(address);
  return network !== null && isInAny(network, LOOPBACK);
}

/** Whether a connection to this address and the port of the server reaches the server. */
function isOwn(network: Network, host: string): boolean {
  const hostNetwork = parseNetwork(host);
  if (hostNetwork && !WILDCARDS.has(host)) {
    return isInNetwork(network, hostNetwork) || isInAny(network, networks('0.0.0.0/8', '::'));
  }
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return isInAny(network, [...THIS_MACHINE, ...networks(...interfaces.map(({ address }) => address))]);
}

function isInAny(network: Network, others: readonly Network[]): boolean {
  return others.some((other) => isInNetwork(network, other));
}

function networks(...texts: string[]): Network[] {
  return texts.flatMap((text) => parseNetwork(text) ?? []);
}
