import { Inject, Injectable } from '@nestjs/common';
import {
  type NewPasskeyCredentialDto,
  type PasskeyCreationOptionsDto,
  type PasskeyCredentialDto,
  type PasskeyRequestOptionsDto,
} from '@latchkey/auth-models';
import { type AuthenticationResponseJSON, type RegistrationResponseJSON } from '@simplewebauthn/server';
import { ApplicationError } from '../../common/application-error.js';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import {
  CHALLENGE_MILLISECONDS,
  invalidChallenge,
  PasskeyChallenges,
  type ChallengePurpose,
} from './passkey-challenges.service.js';
import { type Passkey } from './passkeys.repository.js';
import { relyingPartyOf, type RelyingParty } from './relying-party.js';

/** COSE algorithms, preferred first: ES256, EdDSA and RS256. Every authenticator supports one of them. */
const ALGORITHMS = [-7, -8, -257];

const RELYING_PARTY_NAME = 'Latchkey';
const PUBLIC_KEY = 'public-key';
const REQUIRED = 'required';

/** Passkey as an authenticator has created it. */
export interface NewCredential {
  /** Base64url. */
  readonly credentialId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly signCount: number;
}

type Library = typeof import('./web-authn-library.js');

/** Options for authenticators, and the verification of their responses (WebAuthn, section 7). */
@Injectable()
export class WebAuthn {
  private readonly relyingParty: RelyingParty | undefined;
  private library: Promise<Library> | undefined;

  constructor(
    config: Config,
    private readonly challenges: PasskeyChallenges,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.relyingParty = relyingPartyOf(config.publicUrl);
  }

  /** Returns the options for a login or a step-up. @throws ApplicationError `conflict`. */
  requestOptions(): PasskeyRequestOptionsDto {
    return {
      rpId: this.getRelyingParty().id,
      challenge: this.challenges.create('login'),
      timeout: CHALLENGE_MILLISECONDS,
      userVerification: REQUIRED,
    };
  }

  /** Returns the options for a new passkey of a user. @throws ApplicationError `conflict`. */
  creationOptions(
    user: { readonly id: string; readonly name: string },
    passkeys: readonly Passkey[],
  ): PasskeyCreationOptionsDto {
    return {
      rp: { id: this.getRelyingParty().id, name: RELYING_PARTY_NAME },
      // Authenticators show the name, and store the id, which has no personal data.
      user: { id: userHandleOf(user.id), name: user.name, displayName: user.name },
      challenge: this.challenges.create({ newPasskeyOf: user.id }),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: PUBLIC_KEY, alg })),
      timeout: CHALLENGE_MILLISECONDS,
      excludeCredentials: passkeys.map(({ credentialId, transports }) => ({
        type: PUBLIC_KEY,
        id: credentialId,
        ...(transports !== null && { transports: transports.split(',') }),
      })),
      authenticatorSelection: { residentKey: REQUIRED, userVerification: REQUIRED },
      attestation: 'none',
    };
  }

  /**
   * Returns the challenge that an authenticator has signed, if it is one of this server for the purpose. The
   * signature is verified later.
   *
   * @throws ApplicationError `conflict`.
   */
  challengeOf(credential: PasskeyCredentialDto | NewPasskeyCredentialDto, purpose: ChallengePurpose): string {
    const { challenge } = clientDataOf(credential);
    if (typeof challenge !== 'string') {
      throw invalidChallenge();
    }
    this.challenges.check(challenge, purpose);
    return challenge;
  }

  /**
   * Verifies a new credential, except for its challenge.
   *
   * @returns `undefined` if it is not valid.
   * @throws ApplicationError `conflict` if the server supports no passkeys.
   */
  async verifyNew(
    credential: NewPasskeyCredentialDto,
    challenge: string,
  ): Promise<NewCredential | undefined> {
    const { id: expectedRPID, origin: expectedOrigin } = this.getRelyingParty();
    const library = await this.load();
    return this.verified(credential, async () => {
      const { registrationInfo } = await library.verifyRegistrationResponse({
        response: withoutAttestation(credential, library),
        expectedChallenge: challenge,
        expectedOrigin,
        expectedRPID,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      });
      // The library does not compare the ids, and that in the authenticator data has no maximum length.
      if (registrationInfo?.credential.id !== credential.id) {
        return undefined;
      }
      return {
        credentialId: registrationInfo.credential.id,
        publicKey: Buffer.from(registrationInfo.credential.publicKey).toString('base64url'),
        signCount: registrationInfo.credential.counter,
      };
    });
  }

  /**
   * Verifies a signature of a passkey, except for its challenge and counter.
   *
   * @returns the counter of the authenticator; `undefined` if the signature is not valid.
   * @throws ApplicationError `conflict` if the server supports no passkeys.
   */
  async verifyUse(
    credential: PasskeyCredentialDto,
    challenge: string,
    { credentialId, publicKey }: Passkey,
  ): Promise<number | undefined> {
    const { id: expectedRPID, origin: expectedOrigin } = this.getRelyingParty();
    const library = await this.load();
    return this.verified(credential, async () => {
      const { verified, authenticationInfo } = await library.verifyAuthenticationResponse({
        response: credential as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin,
        expectedRPID,
        requireUserVerification: true,
        // The library compares counters before it verifies the signature, so anyone could cause an alarm. The
        // comparison is made with the stored counter later.
        credential: { id: credentialId, publicKey: bytesOf(publicKey), counter: 0 },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    });
  }

  /** Runs a verification of the library, which throws if a credential is not valid. */
  private async verified<T>(
    credential: PasskeyCredentialDto | NewPasskeyCredentialDto,
    verify: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    // The library accepts frames of other origins if the browser does not name the outer page.
    if (clientDataOf(credential).crossOrigin === true) {
      return undefined;
    }
    try {
      return await verify();
    } catch (err) {
      this.logger.debug({ err }, 'A passkey was rejected');
      return undefined;
    }
  }

  private load(): Promise<Library> {
    this.library ??= import('./web-authn-library.js');
    return this.library;
  }

  private getRelyingParty(): RelyingParty {
    if (!this.relyingParty) {
      throw new ApplicationError('conflict', {
        detail:
          'Passkeys require HTTPS and a host name. Ask the operator of the server to set LATCHKEY_PUBLIC_URL, such as https://auth.example.com.',
      });
    }
    return this.relyingParty;
  }
}

/** Returns the id that authenticators store for a user, base64url. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId).toString('base64url');
}

/** Returns the client data of a credential. Members are missing if it is not valid. */
function clientDataOf({ response }: PasskeyCredentialDto | NewPasskeyCredentialDto): {
  challenge?: unknown;
  crossOrigin?: unknown;
} {
  try {
    const text = Buffer.from(response.clientDataJSON, 'base64url').toString();
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * Removes the statement about who made the authenticator, as browsers do with `attestation: none`. Latchkey
 * trusts no manufacturers, and the library would follow the addresses in certificates.
 */
function withoutAttestation(
  credential: NewPasskeyCredentialDto,
  { decodeAttestationObject, isoCBOR }: Library,
): RegistrationResponseJSON {
  const authData = decodeAttestationObject(bytesOf(credential.response.attestationObject)).get('authData');
  const statement = new Map<string, unknown>([
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', authData],
  ]);
  const attestationObject = Buffer.from(isoCBOR.encode(statement as never)).toString('base64url');
  const response = { clientDataJSON: credential.response.clientDataJSON, attestationObject };
  return { ...credential, response } as RegistrationResponseJSON;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
