import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { AddedPasskeyDto, AddPasskeyDto, PasskeyCreationOptionsDto } from '@latchkey/auth-models';
import { AllowEnrolment, RequireFresh, RequireOwnAccount } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { PasskeyRegistration } from './passkey-registration.service.js';

/** New passkeys of the caller. Both routes require a session without limits. */
@Controller('me/second-factors/passkeys')
@ApiTags('me')
@ApiToken()
@RequireOwnAccount()
@AllowEnrolment()
export class PasskeysController {
  constructor(private readonly passkeys: PasskeyRegistration) {}

  /**
   * Returns options for a new passkey (WebAuthn). They are valid for five minutes. Browsers read them with
   * `PublicKeyCredential.parseCreationOptionsFromJSON()`.
   */
  @Post('options')
  @HttpCode(200)
  @RequireFresh()
  @ApiConflictResponse({
    description: 'The user has ten second factors, or the server is not configured for passkeys.',
  })
  createPasskeyOptions(@CurrentPrincipal() actor: Principal): Promise<PasskeyCreationOptionsDto> {
    return this.passkeys.options(actor);
  }

  /**
   * Adds the passkey that the browser created with the options. Every later login with the password requires
   * a second factor. Returns ten recovery codes, unless the user has unused ones.
   */
  @Post()
  @RequireFresh()
  @ApiConflictResponse({
    description:
      'The challenge has expired or was used, the passkey was added before, or the user has ten second factors.',
  })
  addPasskey(@Body() dto: AddPasskeyDto, @CurrentPrincipal() actor: Principal): Promise<AddedPasskeyDto> {
    return this.passkeys.add(dto, actor);
  }
}
