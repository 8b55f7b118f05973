import { Injectable } from '@nestjs/common';
import { type PasskeyCredentialDto } from '@latchkey/auth-models';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { PasskeyCheck } from '../../factors/passkeys/passkey-check.service.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { WriteLimit } from '../../throttle/write-limit.service.js';

/** Authenticates by passkey. */
@Injectable()
export class PasskeyAuthentication {
  constructor(
    private readonly passkeys: PasskeyCheck,
    private readonly grants: GrantsReader,
    private readonly writes: WriteLimit,
  ) {}

  /**
   * Returns the user of a passkey.
   *
   * @throws ApplicationError `unauthenticated`, `conflict` for the challenge, or `throttled`.
   */
  async authenticate(credential: PasskeyCredentialDto, origin: RequestOrigin): Promise<Principal> {
    const user = await this.passkeys.verify(credential, origin);
    const { roles, permissions } = this.grants.read(user.grants);
    const principal: Principal = {
      id: user.id,
      name: user.name,
      scheme: 'passkey',
      roles,
      permissions,
      tokensRevokedBefore: user.tokensRevokedBefore,
      authMethods: ['passkey'],
      origin,
    };
    // Routes with other credentials are counted by a guard, before it is known who the user is here.
    this.writes.count(principal, 'POST');
    return principal;
  }
}
