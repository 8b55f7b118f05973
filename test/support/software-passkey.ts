import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  type AddedPasskeyDto,
  type PasskeyCreationOptionsDto,
  type PasskeyCredentialDto,
  type PasskeyRequestOptionsDto,
} from '@latchkey/auth-models';
import { type ApiClient, type Headers } from './api-client.js';

/** Origin of the pages of a test server, whose public URL is the default. */
export const ORIGIN = 'http://localhost:3000';

/** Differences from what an honest browser and authenticator send. */
export interface Forgery {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  /** Flags of the authenticator data: user present (1), user verified (4). */
  flags?: number;
  counter?: number;
  /** `null` sends none. */
  userHandle?: string | null;
  /** Attestation format, for a new passkey. */
  format?: string;
}

const PRESENT_AND_VERIFIED = 0b0000_0101;
const HAS_KEY = 0b0100_0000;

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64url');

/** Authenticator with one passkey (P-256, ES256). It shares no code with the server (WebAuthn, section 6). */
export class SoftwarePasskey {
  readonly id = randomBytes(32).toString('base64url');
  counter = 0;
  private readonly keys: { publicKey: KeyObject; privateKey: KeyObject };
  private userHandle = '';

  /** @param counts whether the counter increases with each use. Many authenticators do not count. */
  constructor(private readonly counts = true) {
    this.keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  /** Returns the new credential for the options. */
  create(options: PasskeyCreationOptionsDto, forgery: Forgery = {}) {
    this.userHandle = options.user.id;
    const authData = this.authenticatorData(
      options.rp.id,
      { ...forgery, flags: (forgery.flags ?? PRESENT_AND_VERIFIED) | HAS_KEY },
      [Buffer.alloc(16), Buffer.from([0, 32]), Buffer.from(this.id, 'base64url'), this.coseKey()],
    );
    const attestationObject = cborMap([
      ['fmt', cborText(forgery.format ?? 'none')],
      [
        'attStmt',
        forgery.format === undefined ? cborMap([]) : cborMap([['x5c', cborText('not a certificate')]]),
      ],
      ['authData', cborBytes(authData)],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true } },
      response: {
        clientDataJSON: this.clientData('webauthn.create', options.challenge, forgery),
        attestationObject: base64url(attestationObject),
        transports: ['internal', 'hybrid'],
      },
    };
  }

  /** Returns a proof for the options. */
  prove(options: PasskeyRequestOptionsDto, forgery: Forgery = {}): PasskeyCredentialDto {
    this.counter += this.counts ? 1 : 0;
    const authData = this.authenticatorData(options.rpId, forgery);
    const clientData = this.clientData('webauthn.get', options.challenge, forgery);
    const signed = Buffer.concat([authData, sha256(Buffer.from(clientData, 'base64url'))]);
    // A passkey that no server has accepted has no user.
    const { userHandle = this.userHandle || null } = forgery;
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData,
        authenticatorData: base64url(authData),
        signature: base64url(sign('sha256', signed, this.keys.privateKey)),
        ...(userHandle !== null && { userHandle }),
      },
    };
  }

  /** Returns an authenticator with the same key and id. */
  copy(): SoftwarePasskey {
    return Object.assign(Object.create(SoftwarePasskey.prototype) as SoftwarePasskey, this);
  }

  private clientData(type: string, challenge: string, forgery: Forgery): string {
    return base64url(
      JSON.stringify({
        type: forgery.type ?? type,
        challenge: forgery.challenge ?? challenge,
        origin: forgery.origin ?? ORIGIN,
        crossOrigin: forgery.crossOrigin ?? false,
      }),
    );
  }

  private authenticatorData(rpId: string, forgery: Forgery, attested: readonly Buffer[] = []): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(forgery.counter ?? this.counter);
    const flags = Buffer.from([forgery.flags ?? PRESENT_AND_VERIFIED]);
    return Buffer.concat([sha256(forgery.rpId ?? rpId), flags, counter, ...attested]);
  }

  /** Public key as a COSE key (RFC 9053, section 7.1.1): kty EC2, alg ES256, crv P-256, x and y. */
  private coseKey(): Buffer {
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      cborBytes(Buffer.from(x, 'base64url')),
      Buffer.from([0x22]),
      cborBytes(Buffer.from(y, 'base64url')),
    ]);
  }
}

/** Adds a passkey to the user of a session. */
export async function addPasskey(
  client: ApiClient,
  headers: Headers,
  { counts = true, name }: { counts?: boolean; name?: string } = {},
): Promise<{ passkey: SoftwarePasskey; id: string; recoveryCodes: string[] }> {
  const passkey = new SoftwarePasskey(counts);
  const send = async <Body>(path: string, body?: object) => {
    const response = await client.request<Body>('POST', `/me/second-factors/passkeys${path}`, {
      headers,
      body,
    });
    if (response.status >= 300) {
      throw new Error(`Adding a passkey returned ${response.status}: ${response.text}`);
    }
    return response.body;
  };
  const credential = passkey.create(await send<PasskeyCreationOptionsDto>('/options'));
  const { id, codes } = await send<AddedPasskeyDto>('', { credential, ...(name !== undefined && { name }) });
  return { passkey, id, recoveryCodes: codes };
}

/** Returns new options for a proof with a passkey. */
export async function requestOptions(client: ApiClient): Promise<PasskeyRequestOptionsDto> {
  return (await client.request<PasskeyRequestOptionsDto>('POST', '/auth/login/passkey/options')).body;
}

// Concise Binary Object Representation (RFC 8949), as far as needed.

function cborHead(major: number, length: number): Buffer {
  if (length < 24) {
    return Buffer.from([(major << 5) | length]);
  }
  return length < 256
    ? Buffer.from([(major << 5) | 24, length])
    : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
}

function cborMap(entries: readonly [string, Buffer][]): Buffer {
  return Buffer.concat([
    cborHead(5, entries.length),
    ...entries.flatMap(([name, value]) => [cborText(name), value]),
  ]);
}
